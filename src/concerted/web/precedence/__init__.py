"""Which of an organisation's two sources counts: decided once by its people, kind of money by kind of money."""
