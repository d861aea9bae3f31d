-- What belongs to one desk: numbered seats, who takes a payment, sends a refund or a payout, and where somebody waits.

ALTER TABLE agency.payments ADD COLUMN desk_id uuid;
ALTER TABLE agency.payments ADD CONSTRAINT fk_payments_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.refunds ADD COLUMN desk_id uuid;
ALTER TABLE agency.refunds ADD CONSTRAINT fk_refunds_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payouts ADD COLUMN desk_id uuid;
ALTER TABLE agency.payouts ADD CONSTRAINT fk_payouts_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.take_backs ADD COLUMN desk_id uuid;
ALTER TABLE agency.take_backs ADD CONSTRAINT fk_take_backs_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.waiting_list ADD COLUMN desk_id uuid;
ALTER TABLE agency.waiting_list ADD CONSTRAINT fk_waiting_list_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE agency.seat_grants (
    id uuid NOT NULL,
    departure_id uuid NOT NULL,
    desk_id uuid NOT NULL,
    label text NOT NULL,
    CONSTRAINT pk_seat_grants PRIMARY KEY (id),
    CONSTRAINT uq_seat_grants_departure_id_label UNIQUE (departure_id, label)
);
ALTER TABLE agency.seat_grants ADD CONSTRAINT fk_seat_grants_departure_id FOREIGN KEY (departure_id)
    REFERENCES agency.departures (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.seat_grants ADD CONSTRAINT fk_seat_grants_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
