BEGIN TRANSACTION;
CREATE TABLE absences (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	start DATE NOT NULL, 
	stop DATE NOT NULL, 
	CONSTRAINT pk_absences PRIMARY KEY (id), 
	CONSTRAINT fk_absences_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT uq_absences_person_id_source_start_stop UNIQUE (person_id, source, start, stop)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE answers (
	id INTEGER NOT NULL, 
	task_id VARCHAR NOT NULL, 
	verb VARCHAR NOT NULL, 
	actor_id INTEGER, 
	source VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	version INTEGER, 
	happened_on DATE, 
	until DATE, 
	back BOOLEAN NOT NULL, 
	to_person_id INTEGER, 
	reason VARCHAR, 
	text_id INTEGER, 
	CONSTRAINT pk_answers PRIMARY KEY (id), 
	CONSTRAINT fk_answers_actor_id_persons FOREIGN KEY(actor_id) REFERENCES persons (id), 
	CONSTRAINT fk_answers_task_id_tasks FOREIGN KEY(task_id) REFERENCES tasks (id), 
	CONSTRAINT fk_answers_text_id_texts FOREIGN KEY(text_id) REFERENCES texts (id), 
	CONSTRAINT fk_answers_to_person_id_persons FOREIGN KEY(to_person_id) REFERENCES persons (id)
);
INSERT INTO "answers" VALUES(1,'e13aa9a56ce8','done',4,'cli','2027-01-12 09:00:00.000000',NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "answers" VALUES(2,'12199408db3e','move',NULL,'cli','2027-01-12 09:00:00.000000',NULL,NULL,'2027-01-20',0,NULL,NULL,NULL);
INSERT INTO "answers" VALUES(3,'e66b1e6c25ca','hand_over',NULL,'cli','2027-01-12 09:00:00.000000',NULL,NULL,NULL,0,2,NULL,NULL);
CREATE TABLE bundles (
	id INTEGER NOT NULL, 
	"plan" VARCHAR NOT NULL, 
	file VARCHAR NOT NULL, 
	files JSON NOT NULL, 
	holidays JSON NOT NULL, 
	hash VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	loaded_at DATETIME NOT NULL, 
	CONSTRAINT pk_bundles PRIMARY KEY (id)
);
INSERT INTO "bundles" VALUES(1,'emea','emea.yaml','[["emea.yaml", "plan: emea\ntitle: EMEA rollout\nrollout: 2027-01-11\nends: week 2\ntimezone: Europe/Berlin\ncalendar: {country: DE, subdivision: BE}\nkeepers: [kim-lee]\npeople:\n  list:\n    vera-pohl: {name: Vera Pohl, email: vera@example.com, reports_to: sam-osei}\n    sam-osei: {name: Sam Osei, email: sam@example.com}\n    kim-lee: {name: Kim Lee, email: kim@example.com, reports_to: sam-osei}\n    dana-ruiz: {name: Dana Ruiz, email: dana@example.com}\n    moses-frase: {name: Moses Frase, email: moses@example.com, manager: dana-ruiz}\n    zoe-hart: {name: Zoe Hart, email: zoe@example.com, manager: dana-ruiz}\nroles: {vp: vera-pohl, sponsor: sam-osei, enablement: kim-lee}\nbackups: {vp: kim-lee, dana-ruiz: vera-pohl}\nactivities:\n  rides: {kind: field_ride, owner: manager, with: each rep, every: 2 weeks, on: [tue, wed, thu], lasts: 4h}\n  debriefs: {kind: manager_debrief, owner: vp, with: managers, every: 2 weeks, on: fri, at: \"15:00\", lasts: 60 min}\n  kick-off: {kind: communication, owner: sponsor, on: day 0}\n"]]','[["DE-BE", ["2026-01-01", "2026-03-08", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-10-03", "2026-12-25", "2026-12-26", "2027-01-01", "2027-03-08", "2027-03-26", "2027-03-29", "2027-05-01", "2027-05-06", "2027-05-17", "2027-10-03", "2027-12-25", "2027-12-26", "2028-01-01", "2028-03-08", "2028-04-14", "2028-04-17", "2028-05-01", "2028-05-25", "2028-06-05", "2028-06-17", "2028-10-03", "2028-12-25", "2028-12-26", "2029-01-01", "2029-03-08", "2029-03-30", "2029-04-02", "2029-05-01", "2029-05-10", "2029-05-21", "2029-10-03", "2029-12-25", "2029-12-26"]]]','f0f51efd05a873dd','','2027-01-10 12:00:00.000000');
CREATE TABLE decisions (
	id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	"plan" VARCHAR NOT NULL, 
	task_id VARCHAR, 
	tasks JSON NOT NULL, 
	about_person_id INTEGER, 
	asked_id INTEGER NOT NULL, 
	asked_at DATETIME NOT NULL, 
	round VARCHAR NOT NULL, 
	choices JSON NOT NULL, 
	answered_at DATETIME, 
	choice VARCHAR, 
	by_id INTEGER, 
	CONSTRAINT pk_decisions PRIMARY KEY (id), 
	CONSTRAINT fk_decisions_about_person_id_persons FOREIGN KEY(about_person_id) REFERENCES persons (id), 
	CONSTRAINT fk_decisions_asked_id_persons FOREIGN KEY(asked_id) REFERENCES persons (id), 
	CONSTRAINT fk_decisions_by_id_persons FOREIGN KEY(by_id) REFERENCES persons (id)
);
CREATE TABLE deliveries (
	"key" VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	recipient_id INTEGER, 
	room VARCHAR, 
	channel VARCHAR NOT NULL, 
	occasion VARCHAR NOT NULL, 
	entries JSON NOT NULL, 
	state VARCHAR NOT NULL, 
	not_before DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	lease_until DATETIME, 
	fence INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	edits VARCHAR, 
	receipt JSON NOT NULL, 
	shows VARCHAR NOT NULL, 
	text_id INTEGER, 
	text_hash VARCHAR, 
	template_hash VARCHAR, 
	bundle_hash VARCHAR, 
	error VARCHAR, 
	sent_at DATETIME, 
	CONSTRAINT pk_deliveries PRIMARY KEY ("key"), 
	CONSTRAINT fk_deliveries_recipient_id_persons FOREIGN KEY(recipient_id) REFERENCES persons (id), 
	CONSTRAINT fk_deliveries_text_id_texts FOREIGN KEY(text_id) REFERENCES texts (id)
);
CREATE TABLE events (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	type VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	"plan" VARCHAR, 
	task_id VARCHAR, 
	actor_id INTEGER, 
	subject_id INTEGER, 
	data JSON NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (id), 
	CONSTRAINT fk_events_actor_id_persons FOREIGN KEY(actor_id) REFERENCES persons (id), 
	CONSTRAINT fk_events_subject_id_persons FOREIGN KEY(subject_id) REFERENCES persons (id)
);
INSERT INTO "events" VALUES(1,'2027-01-10 12:00:00.000000','loaded','cli','emea',NULL,NULL,NULL,'{}');
INSERT INTO "events" VALUES(2,'2027-01-10 12:00:00.000000','added','cli','emea','e13aa9a56ce8',NULL,NULL,'{}');
INSERT INTO "events" VALUES(3,'2027-01-10 12:00:00.000000','added','cli','emea','0d6c95d98191',NULL,NULL,'{}');
INSERT INTO "events" VALUES(4,'2027-01-10 12:00:00.000000','added','cli','emea','e66b1e6c25ca',NULL,NULL,'{}');
INSERT INTO "events" VALUES(5,'2027-01-10 12:00:00.000000','added','cli','emea','12199408db3e',NULL,NULL,'{}');
INSERT INTO "events" VALUES(6,'2027-01-12 09:00:00.000000','answered','cli','emea','e13aa9a56ce8',4,NULL,'{"verb": "done", "on": "2027-01-11"}');
INSERT INTO "events" VALUES(7,'2027-01-12 09:00:00.000000','answered','cli','emea','12199408db3e',NULL,NULL,'{"verb": "move", "to": "2027-01-20"}');
INSERT INTO "events" VALUES(8,'2027-01-12 09:00:00.000000','answered','cli','emea','e66b1e6c25ca',NULL,2,'{"verb": "hand_over"}');
CREATE TABLE feeds (
	id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	person_id INTEGER, 
	subject VARCHAR, 
	token_hash VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	fetched_at DATETIME, 
	revoked_at DATETIME, 
	CONSTRAINT pk_feeds PRIMARY KEY (id), 
	CONSTRAINT fk_feeds_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (id), 
	CONSTRAINT uq_feeds_token_hash UNIQUE (token_hash)
);
CREATE TABLE holds (
	scope VARCHAR NOT NULL, 
	until DATE NOT NULL, 
	reason VARCHAR NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_holds PRIMARY KEY (scope)
);
CREATE TABLE leases (
	name VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	until DATETIME NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
CREATE TABLE marks (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_marks PRIMARY KEY (name)
);
CREATE TABLE notices (
	subject VARCHAR NOT NULL, 
	round VARCHAR NOT NULL, 
	rung VARCHAR NOT NULL, 
	recipient_id INTEGER NOT NULL, 
	noted_at DATETIME NOT NULL, 
	CONSTRAINT pk_notices PRIMARY KEY (subject, round, rung, recipient_id), 
	CONSTRAINT fk_notices_recipient_id_persons FOREIGN KEY(recipient_id) REFERENCES persons (id)
);
CREATE TABLE persons (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" VARCHAR NOT NULL, 
	identity VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	email VARCHAR, 
	timezone VARCHAR NOT NULL, 
	country VARCHAR, 
	subdivision VARCHAR, 
	workdays JSON NOT NULL, 
	opens TIME NOT NULL, 
	closes TIME NOT NULL, 
	language VARCHAR NOT NULL, 
	channel VARCHAR, 
	brief TIME NOT NULL, 
	reports_to VARCHAR, 
	team VARCHAR, 
	region VARCHAR, 
	tags JSON NOT NULL, 
	started DATE, 
	"left" DATE, 
	external BOOLEAN NOT NULL, 
	CONSTRAINT uq_persons_identity UNIQUE (identity), 
	CONSTRAINT uq_persons_key UNIQUE ("key")
);
INSERT INTO "persons" VALUES(1,'dana-ruiz','mail:dana@example.com','Dana Ruiz','dana@example.com','Europe/Berlin','DE','BE','[0, 1, 2, 3, 4]','08:00:00.000000','18:00:00.000000','en',NULL,'08:30:00.000000',NULL,NULL,NULL,'[]',NULL,NULL,0);
INSERT INTO "persons" VALUES(2,'kim-lee','mail:kim@example.com','Kim Lee','kim@example.com','Europe/Berlin','DE','BE','[0, 1, 2, 3, 4]','08:00:00.000000','18:00:00.000000','en',NULL,'08:30:00.000000','sam-osei',NULL,NULL,'[]',NULL,NULL,0);
INSERT INTO "persons" VALUES(3,'moses-frase','mail:moses@example.com','Moses Frase','moses@example.com','Europe/Berlin','DE','BE','[0, 1, 2, 3, 4]','08:00:00.000000','18:00:00.000000','en',NULL,'08:30:00.000000',NULL,NULL,NULL,'[]',NULL,NULL,0);
INSERT INTO "persons" VALUES(4,'sam-osei','mail:sam@example.com','Sam Osei','sam@example.com','Europe/Berlin','DE','BE','[0, 1, 2, 3, 4]','08:00:00.000000','18:00:00.000000','en',NULL,'08:30:00.000000',NULL,NULL,NULL,'[]',NULL,NULL,0);
INSERT INTO "persons" VALUES(5,'vera-pohl','mail:vera@example.com','Vera Pohl','vera@example.com','Europe/Berlin','DE','BE','[0, 1, 2, 3, 4]','08:00:00.000000','18:00:00.000000','en',NULL,'08:30:00.000000','sam-osei',NULL,NULL,'[]',NULL,NULL,0);
INSERT INTO "persons" VALUES(6,'zoe-hart','mail:zoe@example.com','Zoe Hart','zoe@example.com','Europe/Berlin','DE','BE','[0, 1, 2, 3, 4]','08:00:00.000000','18:00:00.000000','en',NULL,'08:30:00.000000',NULL,NULL,NULL,'[]',NULL,NULL,0);
CREATE TABLE seen (
	"key" VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_seen PRIMARY KEY ("key")
);
CREATE TABLE tasks (
	id VARCHAR NOT NULL, 
	"plan" VARCHAR NOT NULL, 
	activity VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	weight VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	about VARCHAR NOT NULL, 
	seat VARCHAR NOT NULL, 
	attendees JSON NOT NULL, 
	slot VARCHAR NOT NULL, 
	wave VARCHAR, 
	language VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	planned_date DATE NOT NULL, 
	planned_due DATETIME NOT NULL, 
	planned_starts DATETIME, 
	planned_ends DATETIME, 
	window_start DATE NOT NULL, 
	window_stop DATE NOT NULL, 
	date_state VARCHAR NOT NULL, 
	timezone VARCHAR NOT NULL, 
	minutes INTEGER, 
	when_absent VARCHAR NOT NULL, 
	day DATE NOT NULL, 
	due DATETIME NOT NULL, 
	state VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	changed_at DATETIME NOT NULL, 
	moved_date DATE, 
	moved_due DATETIME, 
	moved_starts DATETIME, 
	moved_ends DATETIME, 
	confirmed BOOLEAN NOT NULL, 
	handed_to_id INTEGER, 
	paused_until DATE, 
	times_on_it INTEGER NOT NULL, 
	times_moved INTEGER NOT NULL, 
	happened_on DATE, 
	recorded_at DATETIME, 
	done_by_id INTEGER, 
	reason VARCHAR, 
	CONSTRAINT pk_tasks PRIMARY KEY (id), 
	CONSTRAINT fk_tasks_done_by_id_persons FOREIGN KEY(done_by_id) REFERENCES persons (id), 
	CONSTRAINT fk_tasks_handed_to_id_persons FOREIGN KEY(handed_to_id) REFERENCES persons (id)
);
INSERT INTO "tasks" VALUES('e13aa9a56ce8','emea','kick-off','communication','standard','active','role/sponsor','role/sponsor','[]','once',NULL,'en','Message to the field','2027-01-11','2027-01-11 17:00:00.000000',NULL,NULL,'2027-01-11','2027-01-12','fixed','Europe/Berlin',NULL,'backup','2027-01-11','2027-01-11 17:00:00.000000','done',2,'2027-01-12 09:00:00.000000',NULL,NULL,NULL,NULL,0,NULL,NULL,0,0,'2027-01-11','2027-01-12 09:00:00.000000',4,NULL);
INSERT INTO "tasks" VALUES('0d6c95d98191','emea','rides','field_ride','standard','active','rep/zoe-hart','manager/dana-ruiz','["zoe-hart"]','2w-01',NULL,'en','Field ride with Zoe Hart','2027-01-12','2027-01-22 17:00:00.000000',NULL,NULL,'2027-01-11','2027-01-23','proposed','Europe/Berlin',240,'move','2027-01-12','2027-01-22 17:00:00.000000','planned',1,'2027-01-10 12:00:00.000000',NULL,NULL,NULL,NULL,0,NULL,NULL,0,0,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES('e66b1e6c25ca','emea','debriefs','manager_debrief','standard','active','role/vp','role/vp','["dana-ruiz"]','2w-01',NULL,'en','Manager debrief','2027-01-15','2027-01-15 17:00:00.000000','2027-01-15 14:00:00.000000','2027-01-15 15:00:00.000000','2027-01-15','2027-01-16','fixed','Europe/Berlin',60,'backup','2027-01-15','2027-01-15 17:00:00.000000','planned',2,'2027-01-12 09:00:00.000000',NULL,NULL,NULL,NULL,0,2,NULL,0,0,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES('12199408db3e','emea','rides','field_ride','standard','active','rep/moses-frase','manager/dana-ruiz','["moses-frase"]','2w-01',NULL,'en','Field ride with Moses Frase','2027-01-21','2027-01-22 17:00:00.000000',NULL,NULL,'2027-01-11','2027-01-23','proposed','Europe/Berlin',240,'move','2027-01-20','2027-01-20 17:00:00.000000','planned',2,'2027-01-12 09:00:00.000000','2027-01-20','2027-01-20 17:00:00.000000',NULL,NULL,0,NULL,NULL,0,0,NULL,NULL,NULL,NULL);
CREATE TABLE texts (
	id INTEGER NOT NULL, 
	person_id INTEGER, 
	written_at DATETIME NOT NULL, 
	body VARCHAR, 
	CONSTRAINT pk_texts PRIMARY KEY (id), 
	CONSTRAINT fk_texts_person_id_persons FOREIGN KEY(person_id) REFERENCES persons (id)
);
CREATE INDEX ix_bundles_hash ON bundles (hash);
CREATE INDEX ix_bundles_plan ON bundles ("plan");
CREATE INDEX ix_texts_person_id ON texts (person_id);
CREATE INDEX ix_texts_written_at ON texts (written_at);
CREATE INDEX ix_tasks_plan_tasks_state ON tasks ("plan", state);
CREATE INDEX ix_tasks_state_tasks_due ON tasks (state, due);
CREATE INDEX ix_answers_task_id ON answers (task_id);
CREATE INDEX ix_events_at ON events (at);
CREATE INDEX ix_events_plan ON events ("plan");
CREATE INDEX ix_events_task_id ON events (task_id);
CREATE INDEX ix_decisions_asked_id ON decisions (asked_id);
CREATE INDEX ix_deliveries_recipient_id_deliveries_sent_at ON deliveries (recipient_id, sent_at);
CREATE INDEX ix_deliveries_state_deliveries_not_before ON deliveries (state, not_before);
CREATE INDEX ix_seen_at ON seen (at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('persons',6);
COMMIT;