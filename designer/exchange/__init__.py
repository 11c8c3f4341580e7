"""Between a document and the texts it is written as."""
