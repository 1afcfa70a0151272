-- What officials call a city system; '' shows its name.
alter table city_system add column title text not null default '';
