"""What a text is made of: words, sentences, datelines, furniture, copies of sentences."""
