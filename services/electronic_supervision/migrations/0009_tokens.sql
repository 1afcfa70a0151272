-- The record of access knows the tokens of all who come in.
alter table city_system drop column token_digest;
