"""Events as context: where and when, how many deaths; never who."""
