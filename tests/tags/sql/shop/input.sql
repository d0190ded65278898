CREATE TABLE shop.users (
  id INT PRIMARY KEY,
  name TEXT NOT NULL,
  city INT REFERENCES cities (id),
  FOREIGN KEY (id) REFERENCES orders (id)
);
CREATE VIEW active AS SELECT * FROM users u JOIN orders o ON o.id = u.id WHERE score(u.id) > 1;
CREATE OR REPLACE FUNCTION score(a INT) RETURNS INT AS $$ BEGIN RETURN 1; END $$ LANGUAGE plpgsql;
CREATE FUNCTION shop.plain() RETURNS SETOF users AS 'select 1' LANGUAGE sql;
CREATE INDEX by_name ON users (name);
CREATE TYPE mood AS ENUM ('good', 'bad');
ALTER TABLE users ADD COLUMN age INT;
INSERT INTO users (id) VALUES (1);
UPDATE users SET name = 'x';
DELETE FROM shop.orders;
WITH best AS (SELECT 1) SELECT * FROM best;
CREATE TRIGGER touch BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION score();
CREATE MATERIALIZED VIEW sums AS SELECT 1;

-- The columns of another table; a table of a query with columns.
CREATE TABLE archive (LIKE orders INCLUDING ALL);
WITH recent (day, total) AS (SELECT 1, 2), best AS (SELECT 3) SELECT * FROM recent, best;
