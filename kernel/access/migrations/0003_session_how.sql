-- Whoever came by a provider of his city owes no other password, though one was made for him.
alter table session add column how text not null default 'password';
