// What every page's script does, one job a module. All pages work without it.
import "./chat.js";
import "./keys.js";
import "./chatkeys.js";
import "./filters.js";
import "./suggestions.js";
import "./complaints.js";
import "./copying.js";
import "./charts.js";
import "./unfolding.js";
import "./article.js";
import "./menus.js";
import "./beside.js";
import "./theme.js";
