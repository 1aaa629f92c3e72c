"""What a text is made of: words, sentences, the datelines of wire articles, copies of sentences."""
