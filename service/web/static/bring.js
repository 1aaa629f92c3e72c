// Sends on what a bookmarklet brought, as the button does: from a page of ours, which this browser is known on.
document.querySelector("form.bring").requestSubmit();
