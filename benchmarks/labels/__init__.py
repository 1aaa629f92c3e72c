"""Questions over ``news-dev`` written for this project, with the place of each answer: no words of the articles."""
