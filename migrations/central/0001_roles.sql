-- Run by whoever installs; everything after it by the owner. Roles are the cluster's, so they bear the database's name.

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY[@owner_text@, @desk_text@, @person_text@, @vendor_text@] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', role);
        END IF;
    END LOOP;
END
$$;

GRANT @owner@ TO CURRENT_USER;

CREATE SCHEMA agency AUTHORIZATION @owner@;
CREATE SCHEMA hub AUTHORIZATION @owner@;
CREATE SCHEMA api AUTHORIZATION @owner@;
CREATE SCHEMA adopting AUTHORIZATION @owner@;

SET LOCAL ROLE @owner@;

ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
REVOKE ALL ON SCHEMA agency, hub, api, adopting FROM PUBLIC;
GRANT USAGE ON SCHEMA agency, api TO @desk@, @person@;

CREATE TABLE hub.migrations (
    name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_migrations PRIMARY KEY (name)
);

RESET ROLE;
