"""Which money is which: from what givers and receivers say of each other to what is told twice."""
