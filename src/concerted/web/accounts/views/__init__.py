"""Pages of people and partners: `entrance` how one comes in, `own` one's account, `people`, `partners` the others."""
