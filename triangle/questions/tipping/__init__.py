"""At which value of one parameter the answer turns."""
