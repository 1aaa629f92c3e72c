"""What a text is made of: words, sentences, the opening of wire articles, copies of sentences."""
