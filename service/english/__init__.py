"""What the service knows of English: words, names, dates, amounts, pronouns, questions, and who said what."""
