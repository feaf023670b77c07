CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (1, 'accounts', '0001_initial', '2026-11-26 23:21:25.163625');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (2, 'account', '0001_initial', '2026-11-26 23:21:25.204014');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (3, 'account', '0002_email_max_length', '2026-11-26 23:21:25.243814');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (4, 'account', '0003_alter_emailaddress_create_unique_verified_email', '2026-11-26 23:21:25.279248');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (5, 'account', '0004_alter_emailaddress_drop_unique_email', '2026-11-26 23:21:25.312250');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (6, 'account', '0005_emailaddress_idx_upper_email', '2026-11-26 23:21:25.344953');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (7, 'account', '0006_emailaddress_lower', '2026-11-26 23:21:25.365862');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (8, 'account', '0007_emailaddress_idx_email', '2026-11-26 23:21:25.402973');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (9, 'account', '0008_emailaddress_unique_primary_email_fixup', '2026-11-26 23:21:25.428325');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (10, 'account', '0009_emailaddress_unique_primary_email', '2026-11-26 23:21:25.469770');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (11, 'assistants', '0001_initial', '2026-11-26 23:21:26.519465');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (12, 'assistants', '0002_search_and_triggers', '2026-11-26 23:21:26.569342');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (13, 'contenttypes', '0001_initial', '2026-11-26 23:21:26.572225');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (14, 'contenttypes', '0002_remove_content_type_name', '2026-11-26 23:21:26.643012');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (15, 'auth', '0001_initial', '2026-11-26 23:21:26.693952');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (16, 'auth', '0002_alter_permission_name_max_length', '2026-11-26 23:21:26.711767');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (17, 'auth', '0003_alter_user_email_max_length', '2026-11-26 23:21:26.727380');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (18, 'auth', '0004_alter_user_username_opts', '2026-11-26 23:21:26.743964');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (19, 'auth', '0005_alter_user_last_login_null', '2026-11-26 23:21:26.763813');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (20, 'auth', '0006_require_contenttypes_0002', '2026-11-26 23:21:26.772492');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (21, 'auth', '0007_alter_validators_add_error_messages', '2026-11-26 23:21:26.775853');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (22, 'auth', '0008_alter_user_username_max_length', '2026-11-26 23:21:26.791410');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (23, 'auth', '0009_alter_user_last_name_max_length', '2026-11-26 23:21:26.805955');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (24, 'auth', '0010_alter_group_name_max_length', '2026-11-26 23:21:26.823782');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (25, 'auth', '0011_update_proxy_permissions', '2026-11-26 23:21:26.866375');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (26, 'auth', '0012_alter_user_first_name_max_length', '2026-11-26 23:21:26.878633');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (27, 'registry', '0001_initial', '2026-11-26 23:21:27.100862');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (28, 'sessions', '0001_initial', '2026-11-26 23:21:27.105924');
CREATE TABLE "accounts_workspace" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(50) NOT NULL UNIQUE, "name" varchar(100) NOT NULL, "created_at" datetime NOT NULL);
INSERT INTO "accounts_workspace" ("id", "slug", "name", "created_at") VALUES (1, 'main', 'main', '2026-11-26 23:21:31.346804');
INSERT INTO "accounts_workspace" ("id", "slug", "name", "created_at") VALUES (2, 'other', 'other', '2026-11-26 23:21:34.852150');
CREATE TABLE "accounts_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "email" varchar(254) NOT NULL UNIQUE, "name" varchar(150) NOT NULL, "is_active" bool NOT NULL, "is_owner" bool NOT NULL, "date_joined" datetime NOT NULL);
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (1, 'pbkdf2_sha256$1000000$ikKllj36d3DYpAseoKzX1t$JEVBtclwsmVHpTqQkmM6Wr32oKropTBap+J9jNF+7nI=', NULL, 'olga@example.com', '', 1, 1, '2026-11-26 23:21:41.387923');
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (2, 'pbkdf2_sha256$1000000$gexDdoG1nsKDxwfXGzEJlh$Xv5yiSVdKc4X0zjE9Lu5bcig/vSZeXgEMrx2BxODNCU=', '2026-11-26 23:22:40.629531', 'ada@example.com', 'Ada', 1, 0, '2026-11-26 23:21:49.511028');
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (3, 'pbkdf2_sha256$1000000$0MK6oWkpoA9LrxcjctnZFi$ml5m0sgSS5V67DqwpoyJnzHnrh4mrLnTbjKVQNrVDf4=', '2026-11-26 23:22:38.528799', 'pia@example.com', 'Pia', 1, 0, '2026-11-26 23:21:58.608876');
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (4, 'pbkdf2_sha256$1000000$TbYjrjF3tAX1VNdq0Yjlqq$Zk7aBK+qYSNxlgD7+TrPeT3h926YqloVLsmLISp0vhs=', '2026-11-26 23:22:48.311639', 'emil@example.com', 'Emil', 1, 0, '2026-11-26 23:22:04.282162');
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (5, 'pbkdf2_sha256$1000000$mlTFTXR9bRIf5HuiSIgXGg$t5fhnQHU/aKxjOdJ8x5XtWyxnkrtcBQICkvORip4Cn8=', NULL, 'vera@example.com', 'Vera', 1, 0, '2026-11-26 23:22:09.895945');
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (6, '!hugyX4YdDyGKpzOOUxsSLMqoKHwcHzeRIDBEkQCj', NULL, 'nina@example.com', '', 1, 0, '2026-11-26 23:22:13.993170');
CREATE TABLE "accounts_apikey" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL, "prefix" varchar(12) NOT NULL, "digest" varchar(64) NOT NULL UNIQUE, "can_write" bool NOT NULL, "created_at" datetime NOT NULL, "last_used_at" datetime NULL, "revoked_at" datetime NULL, "created_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "accounts_apikey" ("id", "name", "prefix", "digest", "can_write", "created_at", "last_used_at", "revoked_at", "created_by_id", "workspace_id") VALUES (1, 'App', 'aa_a6edk', '4e9a6026d5ad476e2ae339e024f470d5fae4983d4c5cc053b8145a940fe9915a', 1, '2026-11-26 23:22:17.910975', NULL, NULL, NULL, 1);
CREATE TABLE "accounts_stash" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "path" varchar(500) NOT NULL, "body" BLOB NOT NULL, "created_at" datetime NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_stash_per_page" UNIQUE ("user_id", "path"));
INSERT INTO "accounts_stash" ("id", "path", "body", "created_at", "user_id") VALUES (1, '/w/main/assistants/3/edit/', X'6741414141414272434C394A385F457246785A4470345764627A564A4768344C586E644569667744415273725351444848535376704668632D77736A367561696F587347686F35316A4678415755653633616F426B6550496F59316B744A30366151686D556D6557554B567671724C7A55756D7344544961793678614B5651696C664A476A546E4D576456326332436B364B7561356A41733938654C39784F632D6D6F73394F4C64375571444444776142565654332D37364E6A5650506C7772555A5132656F3766457A347A3078304759756865724E424B5834465F4D795F50764D524C585738725841663358696F594E703039526B51684B6A6B2D4F64453835784F744B684E6851315A6941476331456D464734596E78304E59356B63374672455A71644158415069747836354143705332354A494B517871546E42455A6E66524A7162355753777838364337482D625F5871327572726E57794F6E6D617167584466356249426A522D3442496F6A7A5F2D65716C31666A6F45755A703045726F4831786E707A5373494C566A7374717253484951446F42304C776F41634C6E6F426D69787536556C41385566586F5938554E4C796B3D', '2026-11-26 23:22:49.219392', 4);
CREATE TABLE "accounts_member" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "role" varchar(10) NOT NULL, "created_at" datetime NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_member_per_user" UNIQUE ("workspace_id", "user_id"));
INSERT INTO "accounts_member" ("id", "role", "created_at", "user_id", "workspace_id") VALUES (1, 'admin', '2026-11-26 23:21:49.592682', 2, 1);
INSERT INTO "accounts_member" ("id", "role", "created_at", "user_id", "workspace_id") VALUES (2, 'publisher', '2026-11-26 23:21:58.615188', 3, 1);
INSERT INTO "accounts_member" ("id", "role", "created_at", "user_id", "workspace_id") VALUES (3, 'editor', '2026-11-26 23:22:04.303792', 4, 1);
INSERT INTO "accounts_member" ("id", "role", "created_at", "user_id", "workspace_id") VALUES (4, 'viewer', '2026-11-26 23:22:09.911192', 5, 1);
INSERT INTO "accounts_member" ("id", "role", "created_at", "user_id", "workspace_id") VALUES (5, 'editor', '2026-11-26 23:22:14.045426', 6, 1);
CREATE TABLE "account_emailconfirmation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "created" datetime NOT NULL, "sent" datetime NULL, "key" varchar(64) NOT NULL UNIQUE, "email_address_id" integer NOT NULL REFERENCES "account_emailaddress" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "account_emailaddress" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "verified" bool NOT NULL, "primary" bool NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "email" varchar(254) NOT NULL);
INSERT INTO "account_emailaddress" ("id", "verified", "primary", "user_id", "email") VALUES (1, 1, 1, 1, 'olga@example.com');
INSERT INTO "account_emailaddress" ("id", "verified", "primary", "user_id", "email") VALUES (2, 1, 1, 2, 'ada@example.com');
INSERT INTO "account_emailaddress" ("id", "verified", "primary", "user_id", "email") VALUES (3, 1, 1, 3, 'pia@example.com');
INSERT INTO "account_emailaddress" ("id", "verified", "primary", "user_id", "email") VALUES (4, 1, 1, 4, 'emil@example.com');
INSERT INTO "account_emailaddress" ("id", "verified", "primary", "user_id", "email") VALUES (5, 1, 1, 5, 'vera@example.com');
INSERT INTO "account_emailaddress" ("id", "verified", "primary", "user_id", "email") VALUES (6, 1, 1, 6, 'nina@example.com');
CREATE TABLE "assistants_text" ("digest" varchar(64) NOT NULL PRIMARY KEY, "body" BLOB NOT NULL);
INSERT INTO "assistants_text" ("digest", "body") VALUES ('0fb1e385f44b04284e6b3f8652d534c71ceeb5298151f52131c995ff3ad212d6', X'785E53724A55C8CECC4BD15148CC4B01E2E2F2D42285CC3C85928C54859CC4BCF4D2C4F45485FC3430BFB034B5B824333F4F4FC1FBF0B6BCCCF4E2C49C9CD454850FF36736293C5DB7E8D99CDE98BC51E346C36E34A18CE68AD11265B4F81CAD2B902A464325006A730103');
INSERT INTO "assistants_text" ("digest", "body") VALUES ('f67fce3e3b5e2b56dd139aecaed1b0aa0639ad8397fedfee6f8515f43558a6ee', X'785E53724A55C8CECC4BD15148CC4B01E2E2F2D42285CC3C85928C54859CC4BCF4D2C4F45485FC3430BFB034B5B824333F4F4FC1FBF0B6BCCCF4E2C49C9CD454850FF36736293C5DB7E8D99CDE98BC51E346C36E34A18CE68AD11265B4F81CAD2B902A462325006A750104');
INSERT INTO "assistants_text" ("digest", "body") VALUES ('fcd03dd8f18dbacb7b1a46f4d99db50dd53f17278070b45f8fa7a1debe01063e', X'785E53724A55C8CECC4BD15148CC4B01E2E2F2D42285CC3C85928C54859CC4BCF4D2C4F45485FC3430BFB034B5B824333F4F4FC1FBF0B6BCCCF4E2C49C9CD454850FF36736293C5DB7E8D99CDE98BC51E346C36E34A18CE68AD11265B4F81CAD2B902A466325006A770105');
INSERT INTO "assistants_text" ("digest", "body") VALUES ('d8478d2fc4da89b174cf6e33de8202c428875f8a171d09f891df6c59f8d1ea87', X'785E53724A55C8CECC4BD15148CC4B01E2E2F2D42285CC3C85928C54859CC4BCF4D2C4F45485FC3430BFB034B5B824333F4F4FC1FBF0B6BCCCF4E2C49C9CD454850FF36736293C5DB7E8D99CDE98BC51E346C36E34A18CE68AD11265B4F81CAD2B902A464760F59A94AA905494999AA6A70400946F0522');
INSERT INTO "assistants_text" ("digest", "body") VALUES ('7e086b01ee2219a66054d38362b8b4cbe4357a3dcbe8aa7dae8530cd9dde9777', X'785E53724A55C8CECC4BD15148CC4B01E2E2F2D42285CC3C85928C54859CC4BCF4D2C4F45485FC3430BFB034B5B824333F4F4FC1FBF0B6BCCCF4E2C49C9CD454850FF36736293C5DB7E8D99CDE98BC51E346C36E34A18CE68AD11265B4F81CAD2B902A464760F59A94AA50965A54A9905494999AA6A70400B5F50708');
INSERT INTO "assistants_text" ("digest", "body") VALUES ('810dc8ef4fcf3c7328ebf483b8245c2663b14418e0a0610737c06c83a2b40f34', X'785E53724A55C8CECC4BD15148CC4B01E2E2F2D42285CC3C85928C54859CC4BCF4D2C4F45485FC3430BFB034B5B824333F4F4FC1FBF0B6BCCCF4E2C49C9CD454850FF36736293C5DB7E8D99CDE98BC51E346C36E34A18CE68AD11265B4F81CAD2B902A462500696100D2');
INSERT INTO "assistants_text" ("digest", "body") VALUES ('afff5fb8373716d567337f9d1bfa838f780d693bc6905573924b12f1c27b4dce', X'785E53724A55C8CECC4BD15148CC4B01E2E2F2D42285CC3C85928C54859CC4BCF4D2C4F45485FC3430BFB034B5B824333F4F4FC1FBF0B6BCCCF4E2C49C9CD454850FF36736293C5DB7E8D99CDE98BC51E346C36E34A18CE68AD11265B4F81CAD2B902A46E70C606D9A9AA2A704007ED603AA');
CREATE TABLE "assistants_assistant" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "remote_id" varchar(128) NULL, "remote_created_at" real NULL, "state" varchar(10) NOT NULL, "trouble" varchar(20) NOT NULL, "is_sample" bool NOT NULL, "name" varchar(256) NOT NULL, "description" varchar(512) NOT NULL, "model" varchar(256) NOT NULL, "tool_kinds" varchar(200) NOT NULL, "live_version" integer unsigned NOT NULL CHECK ("live_version" >= 0), "live_digest" varchar(64) NOT NULL, "etag" varchar(100) NOT NULL, "last_number" integer unsigned NOT NULL CHECK ("last_number" >= 0), "last_digest" varchar(64) NOT NULL, "slot_until" datetime NULL, "created_at" datetime NOT NULL, "changed_at" datetime NOT NULL, "changed_by" varchar(200) NOT NULL, "checked_at" datetime NULL, "created_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, "connection_id" bigint NOT NULL REFERENCES "assistants_connection" ("id") DEFERRABLE INITIALLY DEFERRED, "live_id" bigint NULL REFERENCES "assistants_revision" ("id") DEFERRABLE INITIALLY DEFERRED, "slot_id" bigint NULL REFERENCES "assistants_revision" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (1, 'asst_hMMrug99pTMKAjVy3fxzESDH', 1795735358.0, 'live', '', 0, 'Desk 1', '', 'gpt-5.2', '', 3, 'b19babb13ea5a2c61474132357ca4d1c4ef9d2525ef286fd3da70e7691d92398', '"5"', 3, '72e9507da4b44ce0bcc622f532faf21aab2dbdf085a897271335b659d1262443', NULL, '2026-11-26 23:22:38.611902', '2026-11-26 23:22:39.446555', 'Pia', '2026-11-26 23:22:39.477717', 3, 1, 1, 5, NULL);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (2, 'asst_r9zT5g78AFti1Dnmc5KyHkvn', 1795735358.0, 'deleted', '', 0, 'Desk 2', '', 'gpt-5.2', '', 1, '6378bcbb84f8d48fb104c3247d31555b8aab3c80368011d0fefb6dcf6311d79c', '', 2, 'feb5e01564a56c8489831ecbc2a61051d54cc2e63572dab8f78d2acd1691d16b', NULL, '2026-11-26 23:22:38.843342', '2026-11-26 23:22:39.544973', 'Pia', '2026-11-26 23:22:38.961146', 3, 1, 1, 2, NULL);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (3, 'asst_ynxMazmUzEusAQwu0EyYyDwg', 1795735359.0, 'live', '', 0, 'Desk 3', '', 'gpt-5.2', '', 1, '7fddaf04b7fab41ced6155e656368e73aa2657a949a03403a5528271977ca5e4', '"3"', 1, '511b92834987e1c28ca72f1f1b92176529b8283687200106f9a088f4163969a6', NULL, '2026-11-26 23:22:39.025473', '2026-11-26 23:22:39.046986', 'Pia', '2026-11-26 23:22:39.050414', 3, 1, 1, 3, NULL);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (4, 'asst_000000000000000000000003', 1795735280.0, 'live', 'rejected', 0, 'Brought in 2', '', 'gpt-4o', '', 1, 'e5be232dfeef147753b5be05b6a7876031c596ced79a3a16a6dbd4f2b246c059', '', 2, '23cc8ce4e9b84471cce0e4dc890787be5451a98da2159eb1b2aac679cb22d2a4', NULL, '2026-11-26 23:22:40.851296', '2026-11-26 23:22:40.852983', 'Ada', '2026-11-26 23:22:43.244793', NULL, 1, 3, 7, NULL);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (5, 'asst_000000000000000000000002', 1795735280.0, 'live', 'differs', 0, 'Brought in 1', '', 'gpt-4o', '', 2, 'd3854ca46026c29c7a9b6bbd887781fc47f3d139e0781fff3db38b1faa524c5e', '', 2, '428bca1a69bdfa48c4d099e87a04aaa67c2259335a3d33dcc7b3ac716e5573f2', NULL, '2026-11-26 23:22:40.855540', '2026-11-26 23:22:41.628962', 'Ada', '2026-11-26 23:22:41.657296', NULL, 1, 3, 11, NULL);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (6, 'asst_000000000000000000000001', 1795735280.0, 'live', 'unconfirmed', 0, 'Brought in 0', '', 'gpt-4o', '', 1, 'a62759ead3090699905e81d78ef65bb4d591407ff99dc2213b93c9704634fc42', '', 2, 'ab2f0472805b1de9bb6f199adc2e40a3f87b256f3fc07fecad810862a14a06e9', NULL, '2026-11-26 23:22:40.864197', '2026-11-26 23:22:40.878560', 'Ada', '2026-11-26 23:22:40.879184', NULL, 1, 3, 9, NULL);
CREATE TABLE "assistants_job" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "status" varchar(10) NOT NULL, "cursor" varchar(128) NOT NULL, "pages" integer unsigned NOT NULL CHECK ("pages" >= 0), "seen" integer unsigned NOT NULL CHECK ("seen" >= 0), "added" integer unsigned NOT NULL CHECK ("added" >= 0), "changed" integer unsigned NOT NULL CHECK ("changed" >= 0), "missing" integer unsigned NOT NULL CHECK ("missing" >= 0), "failures" text NOT NULL CHECK ((JSON_VALID("failures") OR "failures" IS NULL)), "error" varchar(40) NOT NULL, "started_at" datetime NOT NULL, "finished_at" datetime NULL, "lease_until" datetime NULL, "connection_id" bigint NOT NULL REFERENCES "assistants_connection" ("id") DEFERRABLE INITIALLY DEFERRED, "started_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "assistants_job" ("id", "status", "cursor", "pages", "seen", "added", "changed", "missing", "failures", "error", "started_at", "finished_at", "lease_until", "connection_id", "started_by_id", "workspace_id") VALUES (1, 'done', '', 1, 3, 3, 0, 0, '[]', '', '2026-11-26 23:22:40.683003', '2026-11-26 23:22:40.889774', NULL, 3, 2, 1);
CREATE TABLE "assistants_outcome" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "status" varchar(15) NOT NULL, "version" integer unsigned NULL CHECK ("version" >= 0), "values" text NULL, "texts" text NULL, "differences" text NOT NULL, "error" varchar(40) NOT NULL, "message" text NOT NULL, "code" varchar(100) NOT NULL, "param" varchar(300) NOT NULL, "request_id" varchar(200) NOT NULL, "created_at" datetime NOT NULL, "digest" varchar(64) NOT NULL, "assistant_id" bigint NOT NULL REFERENCES "assistants_assistant" ("id") DEFERRABLE INITIALLY DEFERRED, "revision_id" bigint NOT NULL REFERENCES "assistants_revision" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (1, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:22:38.759245', '7aebc45346fa8f5836ff6401281c6bfc03934bead2d5c0733cc0e1ebc97eb541', 1, 1);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (2, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:22:38.960634', '8320cd72687ae305e9ec04f00d80f63079fb126009f09d68289b59b628a2fd89', 2, 2);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (3, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:22:39.050177', 'f9606d10413a536d0cb8fc16c757bd7c6e5d52c84064ccc20c631fc09e6cffe0', 3, 3);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (4, 'applied', 2, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:22:39.294700', '06cb605d4c759d4705200eb446e57329f1e9ffca0f80b309a285e2b0af86a821', 1, 4);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (5, 'applied', 3, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:22:39.477328', 'f1873c922598b9942446f36fb80eac56c194a88f060fc8672c1e4a3f0ebe85c5', 1, 5);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (6, 'applied', NULL, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:22:39.547222', 'ac9b38847eb08f8f5bccad9fd9443f29a466c83a0e72fddd904c324d9c28ff64', 2, 6);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (7, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:22:40.853390', '4041de4d5a178f8362c83d12b98bb521e718823a449139a06cfb7b0e934f25df', 4, 7);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (8, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:22:40.862267', '2f847300e905f1154fbd3259cb426ef0a5b1d9e963caca0678eae94bd90439a7', 5, 8);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (9, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:22:40.878982', '76902911789d504583655a9c3a94daf902eb254c42474075fdaaa9f2bc1d1a63', 6, 9);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (10, 'rejected', NULL, NULL, NULL, '[]', 'refused', 'No such model.', '', 'model', '', '2026-11-26 23:22:41.358337', '1f6d78b593c5a8014a443b7e607edac99530fad93ade3b6b564d97aa6c45583f', 4, 10);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (11, 'applied', 2, '{"name":"Brought in 1","model":"gpt-4o","metadata":{"team":"desk"},"temperature":1}', '{"instructions":"afff5fb8373716d567337f9d1bfa838f780d693bc6905573924b12f1c27b4dce"}', '[{"field":"temperature","sent":1.5,"stored":1}]', '', '', '', '', '', '2026-11-26 23:22:41.638494', '3db2110434ec1175599f8d9ab4c086cc406467f819010bda63eee50874231eae', 5, 11);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (12, 'unconfirmed', NULL, NULL, NULL, '[]', 'connection_lost', '[Errno 104] Connection reset by peer', '', '', '', '2026-11-26 23:22:42.686599', '876ed5af56999f074ef153b0b60b68deffcbb7b3cc70f3d682c3bab0a845216a', 6, 12);
CREATE TABLE "assistants_connection" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL, "profile" varchar(20) NOT NULL, "base_url" varchar(500) NOT NULL, "credentials" text NOT NULL, "options" text NOT NULL CHECK ((JSON_VALID("options") OR "options" IS NULL)), "is_default" bool NOT NULL, "from_environment" bool NOT NULL, "created_at" datetime NOT NULL, "checked_at" datetime NULL, "trouble" varchar(40) NOT NULL, "trouble_since" datetime NULL, "feed_cursor" bigint NOT NULL, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "connection_name" UNIQUE ("workspace_id", "name"));
INSERT INTO "assistants_connection" ("id", "name", "profile", "base_url", "credentials", "options", "is_default", "from_environment", "created_at", "checked_at", "trouble", "trouble_since", "feed_cursor", "workspace_id") VALUES (1, 'Built-in registry', 'registry', '', '', '{}', 0, 0, '2026-11-26 23:21:31.374158', NULL, '', NULL, 5, 1);
INSERT INTO "assistants_connection" ("id", "name", "profile", "base_url", "credentials", "options", "is_default", "from_environment", "created_at", "checked_at", "trouble", "trouble_since", "feed_cursor", "workspace_id") VALUES (2, 'Built-in registry', 'registry', '', '', '{}', 1, 0, '2026-11-26 23:21:34.873703', NULL, '', NULL, 0, 2);
INSERT INTO "assistants_connection" ("id", "name", "profile", "base_url", "credentials", "options", "is_default", "from_environment", "created_at", "checked_at", "trouble", "trouble_since", "feed_cursor", "workspace_id") VALUES (3, 'environment', 'openai', 'http://127.0.0.1:44525/v1', 'gAAAAABrCL87Ts1a4hZPMsUFSqoz47FcDf3CtS1sBFXuQfJjJv2U2nQ9wpNUg5gjiLa9S85wzasj7S25lkWS-CA4VQgXjOnwGZ3a042oWZCofpC0dQcp_PmPI-VOLzDZDpPHionGn9VF', '{}', 1, 1, '2026-11-26 23:22:35.054181', '2026-11-26 23:22:43.293007', '', NULL, 0, 1);
CREATE TABLE "assistants_revision" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "kind" varchar(10) NOT NULL, "values" text NOT NULL, "texts" text NOT NULL, "changes" text NOT NULL, "author_name" varchar(200) NOT NULL, "drafter_name" varchar(200) NOT NULL, "note" text NOT NULL, "trace_id" varchar(64) NOT NULL, "created_at" datetime NOT NULL, "previous_digest" varchar(64) NOT NULL, "digest" varchar(64) NOT NULL, "assistant_id" bigint NOT NULL REFERENCES "assistants_assistant" ("id") DEFERRABLE INITIALLY DEFERRED, "author_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "drafter_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, "base_id" bigint NULL REFERENCES "assistants_revision" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "revision_number" UNIQUE ("assistant_id", "number"));
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (1, 1, 'create', '{"name":"Desk 1","model":"gpt-5.2"}', '{"instructions":"0fb1e385f44b04284e6b3f8652d534c71ceeb5298151f52131c995ff3ad212d6"}', '[{"field":"name","kind":"added","added":2,"removed":0,"old":null,"new":"Desk 1"},{"field":"model","kind":"added","old":null,"new":"gpt-5.2"},{"field":"instructions","kind":"added","added":313,"removed":0}]', 'Pia', '', 'First', 'aa-f1d11b916b6a461eac8aa764e8fe2606', '2026-11-26 23:22:38.730863', '', '022fc857db6ae5a392f1cc8748d69f56da3ffec173961eafbcdbf1d8e6e756fd', 1, 3, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (2, 1, 'create', '{"name":"Desk 2","model":"gpt-5.2"}', '{"instructions":"f67fce3e3b5e2b56dd139aecaed1b0aa0639ad8397fedfee6f8515f43558a6ee"}', '[{"field":"name","kind":"added","added":2,"removed":0,"old":null,"new":"Desk 2"},{"field":"model","kind":"added","old":null,"new":"gpt-5.2"},{"field":"instructions","kind":"added","added":313,"removed":0}]', 'Pia', '', 'First', 'aa-5fb5be0a886f47adb79941e22dddeb0e', '2026-11-26 23:22:38.930891', '', '0a8f5d39943020971e4585e3c9192eaef839477d95afe537cc8b7b7e6e3173d5', 2, 3, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (3, 1, 'create', '{"name":"Desk 3","model":"gpt-5.2"}', '{"instructions":"fcd03dd8f18dbacb7b1a46f4d99db50dd53f17278070b45f8fa7a1debe01063e"}', '[{"field":"name","kind":"added","added":2,"removed":0,"old":null,"new":"Desk 3"},{"field":"model","kind":"added","old":null,"new":"gpt-5.2"},{"field":"instructions","kind":"added","added":313,"removed":0}]', 'Pia', '', 'First', 'aa-427a0d9efc574550acc51d5d7cbddd15', '2026-11-26 23:22:39.046986', '', '511b92834987e1c28ca72f1f1b92176529b8283687200106f9a088f4163969a6', 3, 3, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (4, 2, 'edit', '{"name":"Desk 1","model":"gpt-5.2"}', '{"instructions":"d8478d2fc4da89b174cf6e33de8202c428875f8a171d09f891df6c59f8d1ea87"}', '[{"field":"instructions","kind":"changed","added":3,"removed":1}]', 'Pia', '', 'Longer', 'aa-eede6cd6551941d9a5e0239082fa6f56', '2026-11-26 23:22:39.270766', '022fc857db6ae5a392f1cc8748d69f56da3ffec173961eafbcdbf1d8e6e756fd', '6ed455a5103a453210dc9b1fd5dd4a7bce3423109a78e0c23ca7128492634d50', 1, 3, NULL, 1, 1);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (5, 3, 'edit', '{"name":"Desk 1","model":"gpt-5.2"}', '{"instructions":"7e086b01ee2219a66054d38362b8b4cbe4357a3dcbe8aa7dae8530cd9dde9777"}', '[{"field":"instructions","kind":"changed","added":1,"removed":0}]', 'Pia', '', 'Longer', 'aa-8d5b9c4c35ec460da86611c1a89a7876', '2026-11-26 23:22:39.446555', '6ed455a5103a453210dc9b1fd5dd4a7bce3423109a78e0c23ca7128492634d50', '72e9507da4b44ce0bcc622f532faf21aab2dbdf085a897271335b659d1262443', 1, 3, NULL, 1, 4);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (6, 2, 'delete', '{"name":"Desk 2","model":"gpt-5.2"}', '{"instructions":"f67fce3e3b5e2b56dd139aecaed1b0aa0639ad8397fedfee6f8515f43558a6ee"}', '[]', 'Pia', '', '', 'aa-931d405a2c1a4e3d96e029d24b05ded7', '2026-11-26 23:22:39.544973', '0a8f5d39943020971e4585e3c9192eaef839477d95afe537cc8b7b7e6e3173d5', 'feb5e01564a56c8489831ecbc2a61051d54cc2e63572dab8f78d2acd1691d16b', 2, 3, NULL, 1, 2);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (7, 1, 'bring_in', '{"name":"Brought in 2","model":"gpt-4o","metadata":{"team":"desk"}}', '{"instructions":"810dc8ef4fcf3c7328ebf483b8245c2663b14418e0a0610737c06c83a2b40f34"}', '[{"field":"name","kind":"added","added":3,"removed":0,"old":null,"new":"Brought in 2"},{"field":"model","kind":"added","old":null,"new":"gpt-4o"},{"field":"instructions","kind":"added","added":312,"removed":0},{"field":"metadata","kind":"added","added":["team"],"removed":[],"changed":[],"moved":false}]', 'Ada', '', '', 'aa-90e3620b08144de39afe202612fe0bb3', '2026-11-26 23:22:40.852983', '', '81f23cc02bafc76c02cdcce7d3b3715b22a28fd3739e9090e9536c99e851ac1d', 4, 2, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (8, 1, 'bring_in', '{"name":"Brought in 1","model":"gpt-4o","metadata":{"team":"desk"}}', '{"instructions":"810dc8ef4fcf3c7328ebf483b8245c2663b14418e0a0610737c06c83a2b40f34"}', '[{"field":"name","kind":"added","added":3,"removed":0,"old":null,"new":"Brought in 1"},{"field":"model","kind":"added","old":null,"new":"gpt-4o"},{"field":"instructions","kind":"added","added":312,"removed":0},{"field":"metadata","kind":"added","added":["team"],"removed":[],"changed":[],"moved":false}]', 'Ada', '', '', 'aa-a5414b471cec472683a776121a09296c', '2026-11-26 23:22:40.861872', '', '9e5320ca8a187cc65ed474e6eee54394890e42e70eaf541be2c91fcd81275972', 5, 2, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (9, 1, 'bring_in', '{"name":"Brought in 0","model":"gpt-4o","metadata":{"team":"desk"}}', '{"instructions":"810dc8ef4fcf3c7328ebf483b8245c2663b14418e0a0610737c06c83a2b40f34"}', '[{"field":"name","kind":"added","added":3,"removed":0,"old":null,"new":"Brought in 0"},{"field":"model","kind":"added","old":null,"new":"gpt-4o"},{"field":"instructions","kind":"added","added":312,"removed":0},{"field":"metadata","kind":"added","added":["team"],"removed":[],"changed":[],"moved":false}]', 'Ada', '', '', 'aa-8dd03f6cec9f46d48c71db56ca9f3789', '2026-11-26 23:22:40.878560', '', '38e064164661599c6e27c28f281adb61940f19786577e219d7930bce37e3606f', 6, 2, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (10, 2, 'edit', '{"name":"Brought in 2","model":"gpt-4o","metadata":{"team":"desk"},"temperature":1.5}', '{"instructions":"afff5fb8373716d567337f9d1bfa838f780d693bc6905573924b12f1c27b4dce"}', '[{"field":"instructions","kind":"changed","added":1,"removed":0},{"field":"temperature","kind":"added","old":null,"new":1.5}]', 'Ada', '', 'To the gateway', 'aa-916bd884c3a442ba9715b66734b3259f', '2026-11-26 23:22:41.336768', '81f23cc02bafc76c02cdcce7d3b3715b22a28fd3739e9090e9536c99e851ac1d', '23cc8ce4e9b84471cce0e4dc890787be5451a98da2159eb1b2aac679cb22d2a4', 4, 2, NULL, 1, 7);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (11, 2, 'edit', '{"name":"Brought in 1","model":"gpt-4o","metadata":{"team":"desk"},"temperature":1.5}', '{"instructions":"afff5fb8373716d567337f9d1bfa838f780d693bc6905573924b12f1c27b4dce"}', '[{"field":"instructions","kind":"changed","added":1,"removed":0},{"field":"temperature","kind":"added","old":null,"new":1.5}]', 'Ada', '', 'To the gateway', 'aa-be4eccd2a2dc4ee989c581c2c94f10dd', '2026-11-26 23:22:41.628962', '9e5320ca8a187cc65ed474e6eee54394890e42e70eaf541be2c91fcd81275972', '428bca1a69bdfa48c4d099e87a04aaa67c2259335a3d33dcc7b3ac716e5573f2', 5, 2, NULL, 1, 8);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (12, 2, 'edit', '{"name":"Brought in 0","model":"gpt-4o","metadata":{"team":"desk"},"temperature":1.5}', '{"instructions":"afff5fb8373716d567337f9d1bfa838f780d693bc6905573924b12f1c27b4dce"}', '[{"field":"instructions","kind":"changed","added":1,"removed":0},{"field":"temperature","kind":"added","old":null,"new":1.5}]', 'Ada', '', 'To the gateway', 'aa-f3d4ba42cfb3405eb34ce74fcc6fcc32', '2026-11-26 23:22:41.954996', '38e064164661599c6e27c28f281adb61940f19786577e219d7930bce37e3606f', 'ab2f0472805b1de9bb6f199adc2e40a3f87b256f3fc07fecad810862a14a06e9', 6, 2, NULL, 1, 9);
CREATE TABLE "assistants_draft" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content" text NOT NULL, "changes" text NOT NULL, "kind" varchar(10) NOT NULL, "created_at" datetime NOT NULL, "updated_at" datetime NOT NULL, "assistant_id" bigint NOT NULL REFERENCES "assistants_assistant" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "base_id" bigint NULL REFERENCES "assistants_revision" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_draft_per_person" UNIQUE ("assistant_id", "user_id"));
INSERT INTO "assistants_draft" ("id", "content", "changes", "kind", "created_at", "updated_at", "assistant_id", "user_id", "base_id") VALUES (6, '{"name":"Desk 3","model":"gpt-5.2","instructions":"Pia''s draft"}', '[{"field":"instructions","kind":"changed","added":2,"removed":313}]', 'edit', '2026-11-26 23:22:39.621931', '2026-11-26 23:22:39.621054', 3, 3, 3);
INSERT INTO "assistants_draft" ("id", "content", "changes", "kind", "created_at", "updated_at", "assistant_id", "user_id", "base_id") VALUES (7, '{"name":"Brought in 2","model":"gpt-4o","instructions":"Be kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nChanged.","metadata":{"team":"desk"},"temperature":1.5}', '[{"field":"instructions","kind":"changed","added":1,"removed":0},{"field":"temperature","kind":"added","old":null,"new":1.5}]', 'edit', '2026-11-26 23:22:41.155047', '2026-11-26 23:22:41.154567', 4, 2, 7);
INSERT INTO "assistants_draft" ("id", "content", "changes", "kind", "created_at", "updated_at", "assistant_id", "user_id", "base_id") VALUES (8, '{"name":"Brought in 1","model":"gpt-4o","instructions":"Be kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nChanged.","metadata":{"team":"desk"},"temperature":1.5}', '[{"field":"temperature","kind":"changed","old":1,"new":1.5}]', 'edit', '2026-11-26 23:22:41.545988', '2026-11-26 23:22:41.545044', 5, 2, 11);
INSERT INTO "assistants_draft" ("id", "content", "changes", "kind", "created_at", "updated_at", "assistant_id", "user_id", "base_id") VALUES (9, '{"name":"Brought in 0","model":"gpt-4o","instructions":"Be kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nChanged.","metadata":{"team":"desk"},"temperature":1.5}', '[{"field":"instructions","kind":"changed","added":1,"removed":0},{"field":"temperature","kind":"added","old":null,"new":1.5}]', 'edit', '2026-11-26 23:22:41.810026', '2026-11-26 23:22:41.809090', 6, 2, 9);
INSERT INTO "assistants_draft" ("id", "content", "changes", "kind", "created_at", "updated_at", "assistant_id", "user_id", "base_id") VALUES (10, '{"name":"Desk 1","model":"gpt-5.2","instructions":"Be kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nEmil''s draft"}', '[{"field":"instructions","kind":"changed","added":2,"removed":4}]', 'edit', '2026-11-26 23:22:48.795259', '2026-11-26 23:22:48.794319', 1, 4, 5);
CREATE VIRTUAL TABLE assistants_search USING fts5(
  name, description, instructions, metadata, identity,
  tokenize = "unicode61 remove_diacritics 2 tokenchars '_'", prefix = '2 3'
);
INSERT INTO "assistants_search" ("rowid", "name", "description", "instructions", "metadata", "identity") VALUES (1, 'Desk 1', '', 'Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
And be very brief.', '', 'asst_hMMrug99pTMKAjVy3fxzESDH');
INSERT INTO "assistants_search" ("rowid", "name", "description", "instructions", "metadata", "identity") VALUES (2, 'Desk 2', '', 'Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
2', '', 'asst_r9zT5g78AFti1Dnmc5KyHkvn');
INSERT INTO "assistants_search" ("rowid", "name", "description", "instructions", "metadata", "identity") VALUES (3, 'Desk 3', '', 'Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
3', '', 'asst_ynxMazmUzEusAQwu0EyYyDwg');
INSERT INTO "assistants_search" ("rowid", "name", "description", "instructions", "metadata", "identity") VALUES (4, 'Brought in 2', '', 'Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
', 'team: desk', 'asst_000000000000000000000003');
INSERT INTO "assistants_search" ("rowid", "name", "description", "instructions", "metadata", "identity") VALUES (5, 'Brought in 1', '', 'Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Changed.', 'team: desk', 'asst_000000000000000000000002');
INSERT INTO "assistants_search" ("rowid", "name", "description", "instructions", "metadata", "identity") VALUES (6, 'Brought in 0', '', 'Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
Be kind, and answer in the language of the question. Königsallee 🙂 客服
', 'team: desk', 'asst_000000000000000000000001');
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (1, 'auth', 'permission');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (2, 'auth', 'group');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (3, 'contenttypes', 'contenttype');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (4, 'sessions', 'session');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (5, 'account', 'emailaddress');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (6, 'account', 'emailconfirmation');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (7, 'accounts', 'workspace');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (8, 'accounts', 'user');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (9, 'accounts', 'apikey');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (10, 'accounts', 'stash');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (11, 'accounts', 'member');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (12, 'registry', 'counter');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (13, 'registry', 'storedassistant');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (14, 'registry', 'write');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (15, 'assistants', 'text');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (16, 'assistants', 'connection');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (17, 'assistants', 'assistant');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (18, 'assistants', 'job');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (19, 'assistants', 'revision');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (20, 'assistants', 'outcome');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (21, 'assistants', 'draft');
CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (1, 1, 'add_permission', 'Can add permission');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (2, 1, 'change_permission', 'Can change permission');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (3, 1, 'delete_permission', 'Can delete permission');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (4, 1, 'view_permission', 'Can view permission');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (5, 2, 'add_group', 'Can add group');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (6, 2, 'change_group', 'Can change group');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (7, 2, 'delete_group', 'Can delete group');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (8, 2, 'view_group', 'Can view group');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (9, 3, 'add_contenttype', 'Can add content type');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (10, 3, 'change_contenttype', 'Can change content type');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (11, 3, 'delete_contenttype', 'Can delete content type');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (12, 3, 'view_contenttype', 'Can view content type');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (13, 4, 'add_session', 'Can add session');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (14, 4, 'change_session', 'Can change session');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (15, 4, 'delete_session', 'Can delete session');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (16, 4, 'view_session', 'Can view session');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (17, 5, 'add_emailaddress', 'Can add email address');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (18, 5, 'change_emailaddress', 'Can change email address');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (19, 5, 'delete_emailaddress', 'Can delete email address');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (20, 5, 'view_emailaddress', 'Can view email address');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (21, 6, 'add_emailconfirmation', 'Can add email confirmation');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (22, 6, 'change_emailconfirmation', 'Can change email confirmation');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (23, 6, 'delete_emailconfirmation', 'Can delete email confirmation');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (24, 6, 'view_emailconfirmation', 'Can view email confirmation');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (25, 7, 'add_workspace', 'Can add workspace');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (26, 7, 'change_workspace', 'Can change workspace');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (27, 7, 'delete_workspace', 'Can delete workspace');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (28, 7, 'view_workspace', 'Can view workspace');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (29, 8, 'add_user', 'Can add user');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (30, 8, 'change_user', 'Can change user');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (31, 8, 'delete_user', 'Can delete user');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (32, 8, 'view_user', 'Can view user');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (33, 9, 'add_apikey', 'Can add api key');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (34, 9, 'change_apikey', 'Can change api key');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (35, 9, 'delete_apikey', 'Can delete api key');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (36, 9, 'view_apikey', 'Can view api key');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (37, 10, 'add_stash', 'Can add stash');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (38, 10, 'change_stash', 'Can change stash');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (39, 10, 'delete_stash', 'Can delete stash');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (40, 10, 'view_stash', 'Can view stash');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (41, 11, 'add_member', 'Can add member');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (42, 11, 'change_member', 'Can change member');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (43, 11, 'delete_member', 'Can delete member');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (44, 11, 'view_member', 'Can view member');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (45, 12, 'add_counter', 'Can add counter');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (46, 12, 'change_counter', 'Can change counter');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (47, 12, 'delete_counter', 'Can delete counter');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (48, 12, 'view_counter', 'Can view counter');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (49, 13, 'add_storedassistant', 'Can add stored assistant');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (50, 13, 'change_storedassistant', 'Can change stored assistant');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (51, 13, 'delete_storedassistant', 'Can delete stored assistant');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (52, 13, 'view_storedassistant', 'Can view stored assistant');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (53, 14, 'add_write', 'Can add write');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (54, 14, 'change_write', 'Can change write');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (55, 14, 'delete_write', 'Can delete write');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (56, 14, 'view_write', 'Can view write');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (57, 15, 'add_text', 'Can add text');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (58, 15, 'change_text', 'Can change text');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (59, 15, 'delete_text', 'Can delete text');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (60, 15, 'view_text', 'Can view text');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (61, 16, 'add_connection', 'Can add connection');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (62, 16, 'change_connection', 'Can change connection');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (63, 16, 'delete_connection', 'Can delete connection');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (64, 16, 'view_connection', 'Can view connection');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (65, 17, 'add_assistant', 'Can add assistant');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (66, 17, 'change_assistant', 'Can change assistant');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (67, 17, 'delete_assistant', 'Can delete assistant');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (68, 17, 'view_assistant', 'Can view assistant');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (69, 18, 'add_job', 'Can add job');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (70, 18, 'change_job', 'Can change job');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (71, 18, 'delete_job', 'Can delete job');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (72, 18, 'view_job', 'Can view job');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (73, 19, 'add_revision', 'Can add revision');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (74, 19, 'change_revision', 'Can change revision');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (75, 19, 'delete_revision', 'Can delete revision');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (76, 19, 'view_revision', 'Can view revision');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (77, 20, 'add_outcome', 'Can add outcome');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (78, 20, 'change_outcome', 'Can change outcome');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (79, 20, 'delete_outcome', 'Can delete outcome');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (80, 20, 'view_outcome', 'Can view outcome');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (81, 21, 'add_draft', 'Can add draft');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (82, 21, 'change_draft', 'Can change draft');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (83, 21, 'delete_draft', 'Can delete draft');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (84, 21, 'view_draft', 'Can view draft');
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "registry_counter" ("workspace_id" bigint NOT NULL PRIMARY KEY REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, "last" bigint unsigned NOT NULL CHECK ("last" >= 0));
INSERT INTO "registry_counter" ("workspace_id", "last") VALUES (1, 6);
CREATE TABLE "registry_storedassistant" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "public_id" varchar(29) NOT NULL UNIQUE, "created_at" datetime NOT NULL, "sequence" bigint unsigned NOT NULL CHECK ("sequence" >= 0), "packed" BLOB NOT NULL, "deleted" bool NOT NULL, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "registry_storedassistant" ("id", "public_id", "created_at", "sequence", "packed", "deleted", "workspace_id") VALUES (1, 'asst_hMMrug99pTMKAjVy3fxzESDH', '2026-11-26 23:22:38.743973', 5, X'7801AB56CA4BCC4D55B25272492DCE563054D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A262740456AF49A90A65A945950A494599A9697A4AB5004E331726', 0, 1);
INSERT INTO "registry_storedassistant" ("id", "public_id", "created_at", "sequence", "packed", "deleted", "workspace_id") VALUES (2, 'asst_r9zT5g78AFti1Dnmc5KyHkvn', '2026-11-26 23:22:38.943937', 6, X'', 1, 1);
INSERT INTO "registry_storedassistant" ("id", "public_id", "created_at", "sequence", "packed", "deleted", "workspace_id") VALUES (3, 'asst_ynxMazmUzEusAQwu0EyYyDwg', '2026-11-26 23:22:39.048423', 3, X'7801AB56CA4BCC4D55B25272492DCE563056D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A2623456AA050002121125', 0, 1);
CREATE TABLE "registry_write" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "sequence" bigint unsigned NOT NULL CHECK ("sequence" >= 0), "action" varchar(8) NOT NULL, "key_name" varchar(100) NULL, "trace_id" varchar(200) NULL, "at" datetime NOT NULL, "packed" BLOB NULL, "assistant_id" bigint NOT NULL REFERENCES "registry_storedassistant" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "write_sequence" UNIQUE ("workspace_id", "sequence"));
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (1, 1, 'created', NULL, 'aa-f1d11b916b6a461eac8aa764e8fe2606', '2026-11-26 23:22:38.743973', X'7801AB56CA4BCC4D55B25272492DCE563054D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A2623454AA0500F2DD1121', 1, 1);
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (2, 2, 'created', NULL, 'aa-5fb5be0a886f47adb79941e22dddeb0e', '2026-11-26 23:22:38.943937', X'7801AB56CA4BCC4D55B25272492DCE563052D251CACD4F49CD010AA41794E89AEA814432F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A2623452AA0500FA701123', 2, 1);
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (3, 3, 'created', NULL, 'aa-427a0d9efc574550acc51d5d7cbddd15', '2026-11-26 23:22:39.048423', X'7801AB56CA4BCC4D55B25272492DCE563056D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A2623456AA050002121125', 3, 1);
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (4, 4, 'modified', NULL, 'aa-eede6cd6551941d9a5e0239082fa6f56', '2026-11-26 23:22:39.272094', X'7801AB56CA4BCC4D55B25272492DCE563054D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A262740456AF49A90A494599A9697A4AB500DC931540', 1, 1);
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (5, 5, 'modified', NULL, 'aa-8d5b9c4c35ec460da86611c1a89a7876', '2026-11-26 23:22:39.458362', X'7801AB56CA4BCC4D55B25272492DCE563054D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A262740456AF49A90A65A945950A494599A9697A4AB5004E331726', 1, 1);
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (6, 6, 'deleted', NULL, 'aa-931d405a2c1a4e3d96e029d24b05ded7', '2026-11-26 23:22:39.545798', NULL, 2, 1);
CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL);
INSERT INTO "django_session" ("session_key", "session_data", "expire_date") VALUES ('y05q3y324nn38ofwnqpby1z7pdf79zcy', '.eJyFkM1qxDAMhN_F52Ccle3EObV9jbIERRbENH_EDt1l2XdvnOay9NCbGM18g_QQSDRvU2pxSz1PKRCmME_tyKmffRTN50P8zqIRC8b4Pa9eFAKTaMrKmQoMmFoapW2tdSF4xDBka8A3vuG4DCxpHsXzWvxT1W6R1z0JO_2wHEIb_F-tQ_riKS9wGLIsT7Q8POc6yveXoo8z9YLqMfY750KlAkJ0BrrKu9royneoHSIoC-C9ZvJMYDyUilArKK2tnCUNzjmLGRo5xnwP35aw3vf3XJSzSj1_AAY_d8U:1xWinW:CZt4FmTJQY5_GxqxUhuWPvDxH9ZDQ2A78wFwGnLC4BY', '2026-12-10 23:22:38.530684');
INSERT INTO "django_session" ("session_key", "session_data", "expire_date") VALUES ('w3wollbrph5jxm3wd9zzv51rorcp13e1', '.eJyFkM1uhDAMhN8lZxQloQkJp25fo1ohxzEiKn8iQd3Vat-9QLmseujNGs98I_vBAHFax9zAmjsac0TIcRqbgXI3hcTqzwf7nVnNZkjpe1oCKxhkVsvK6arUpRHcKCFtWRWMBoj9ZoUA73SDYe6J4zSw57X4p6pZEy1bUm30w3IITQx_NQ_4ReO-gL7fZX6i-eE514lfXoo-ztQLqoPUbRztvKoUOHRIbyRMsF6ZtsTSG28MkpdoArYCHDnr2qClJLQehTaorPY7NFFK-z10m-Ny396jhDNCPH8AHmJ42g:1xWinY:Hw17mxtdE0wPdyRV6BbXLrIp7jc5txJJH0sslKPyn9g', '2026-12-10 23:22:40.630505');
INSERT INTO "django_session" ("session_key", "session_data", "expire_date") VALUES ('6xc6y4x0kll9dip8vsk4a9uuazbu4onz', '.eJyFkM1qxDAMhN_F52Bce_2XU7evUUqQFYWY5o_YoVuWffc6aS5LD72J0cw3SHcGiPM25Qa23NOUI0KO89SMlPu5Tax-v7PfmdVsgZS-5rVlFYPM6hfrtVVaGcelc14IXzEaIQ7FSmMcXukG4zIQx3lkj4_qn65mS7SW6KXgD8shNLH9qwXAT5r2BQzDLvMTzQ_PuU78-lT0dqaeUD2kvnA67Ky1hKLTXglwjoQLVqkgnQmkDEmNaDuUrVS-WIKRLVx0UOiNUtLt0EQp7ffQbYnrd_mPFN4I8fgBqGx4Vg:1xWing:QIM23AZCTZXRd2S044juTIAiMM7h8mp0GjNGYZL8D7o', '2026-12-10 23:22:48.337263');
CREATE UNIQUE INDEX "user_email_ci" ON "accounts_user" ((LOWER("email")));
CREATE INDEX "accounts_apikey_created_by_id_1b5317c8" ON "accounts_apikey" ("created_by_id");
CREATE INDEX "accounts_apikey_workspace_id_29bdbd99" ON "accounts_apikey" ("workspace_id");
CREATE INDEX "accounts_stash_user_id_5322d636" ON "accounts_stash" ("user_id");
CREATE INDEX "accounts_member_user_id_b994c8b6" ON "accounts_member" ("user_id");
CREATE INDEX "accounts_member_workspace_id_d53d5763" ON "accounts_member" ("workspace_id");
CREATE INDEX "account_emailconfirmation_email_address_id_5b7f8c58" ON "account_emailconfirmation" ("email_address_id");
CREATE UNIQUE INDEX "account_emailaddress_user_id_email_987c8728_uniq" ON "account_emailaddress" ("user_id", "email");
CREATE UNIQUE INDEX "unique_verified_email" ON "account_emailaddress" ("email") WHERE "verified";
CREATE INDEX "account_emailaddress_user_id_2c513194" ON "account_emailaddress" ("user_id");
CREATE INDEX "account_emailaddress_email_03be32b2" ON "account_emailaddress" ("email");
CREATE UNIQUE INDEX "unique_primary_email" ON "account_emailaddress" ("user_id", "primary") WHERE "primary";
CREATE INDEX "assistants_assistant_created_by_id_98eaec4e" ON "assistants_assistant" ("created_by_id");
CREATE INDEX "assistants_assistant_workspace_id_6d5dc9e7" ON "assistants_assistant" ("workspace_id");
CREATE INDEX "assistants_assistant_connection_id_22f9e673" ON "assistants_assistant" ("connection_id");
CREATE INDEX "assistants_job_connection_id_339170c4" ON "assistants_job" ("connection_id");
CREATE INDEX "assistants_job_started_by_id_700140b9" ON "assistants_job" ("started_by_id");
CREATE INDEX "assistants_job_workspace_id_176a758c" ON "assistants_job" ("workspace_id");
CREATE INDEX "assistants_outcome_assistant_id_f5eaf1a8" ON "assistants_outcome" ("assistant_id");
CREATE INDEX "assistants_outcome_revision_id_7875780b" ON "assistants_outcome" ("revision_id");
CREATE INDEX "assistants_assistant_live_id_d71938c6" ON "assistants_assistant" ("live_id");
CREATE INDEX "assistants_assistant_slot_id_3c8f5eb2" ON "assistants_assistant" ("slot_id");
CREATE INDEX "assistants_connection_workspace_id_af68b359" ON "assistants_connection" ("workspace_id");
CREATE UNIQUE INDEX "one_default_connection" ON "assistants_connection" ("workspace_id") WHERE "is_default";
CREATE UNIQUE INDEX "one_running_job" ON "assistants_job" ("connection_id") WHERE "status" = 'running';
CREATE INDEX "assistants_revision_trace_id_2743b8a3" ON "assistants_revision" ("trace_id");
CREATE INDEX "assistants_revision_assistant_id_f7b48d1f" ON "assistants_revision" ("assistant_id");
CREATE INDEX "assistants_revision_author_id_8449262c" ON "assistants_revision" ("author_id");
CREATE INDEX "assistants_revision_drafter_id_7d0f3c72" ON "assistants_revision" ("drafter_id");
CREATE INDEX "assistants_revision_workspace_id_49550383" ON "assistants_revision" ("workspace_id");
CREATE INDEX "assistants_revision_base_id_8f398604" ON "assistants_revision" ("base_id");
CREATE INDEX "revision_by_workspace" ON "assistants_revision" ("workspace_id", "id" DESC);
CREATE INDEX "revision_by_day" ON "assistants_revision" ("workspace_id", "created_at" DESC);
CREATE UNIQUE INDEX "outcome_version" ON "assistants_outcome" ("assistant_id", "version") WHERE "version" IS NOT NULL;
CREATE INDEX "assistants_draft_assistant_id_9e2c94eb" ON "assistants_draft" ("assistant_id");
CREATE INDEX "assistants_draft_user_id_5b89f577" ON "assistants_draft" ("user_id");
CREATE INDEX "assistants_draft_base_id_2b785cf1" ON "assistants_draft" ("base_id");
CREATE INDEX "draft_by_person" ON "assistants_draft" ("user_id", "updated_at" DESC);
CREATE INDEX "assistant_by_change" ON "assistants_assistant" ("workspace_id", "changed_at" DESC, "id" DESC);
CREATE INDEX "assistant_by_name" ON "assistants_assistant" ("workspace_id", "name", "id");
CREATE INDEX "assistant_by_model" ON "assistants_assistant" ("workspace_id", "model");
CREATE INDEX "assistant_by_check" ON "assistants_assistant" ("connection_id", "checked_at");
CREATE UNIQUE INDEX "assistant_remote_id" ON "assistants_assistant" ("connection_id", "remote_id") WHERE "remote_id" IS NOT NULL;
CREATE TRIGGER assistants_revision_no_update BEFORE UPDATE ON assistants_revision BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_revision_no_delete BEFORE DELETE ON assistants_revision BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_outcome_no_update BEFORE UPDATE ON assistants_outcome BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_outcome_no_delete BEFORE DELETE ON assistants_outcome BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_text_no_update BEFORE UPDATE ON assistants_text BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_text_no_delete BEFORE DELETE ON assistants_text BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");
CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id");
CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id");
CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id");
CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename");
CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id");
CREATE INDEX "stored_assistant_by_creation" ON "registry_storedassistant" ("workspace_id", "created_at", "id") WHERE NOT "deleted";
CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");
UPDATE sqlite_sequence SET seq = 28 WHERE name = 'django_migrations';
UPDATE sqlite_sequence SET seq = 6 WHERE name = 'account_emailaddress';
UPDATE sqlite_sequence SET seq = 3 WHERE name = 'assistants_connection';
UPDATE sqlite_sequence SET seq = 12 WHERE name = 'assistants_revision';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'assistants_draft';
UPDATE sqlite_sequence SET seq = 21 WHERE name = 'django_content_type';
UPDATE sqlite_sequence SET seq = 84 WHERE name = 'auth_permission';
UPDATE sqlite_sequence SET seq = 0 WHERE name = 'auth_group';
UPDATE sqlite_sequence SET seq = 6 WHERE name = 'registry_write';
UPDATE sqlite_sequence SET seq = 2 WHERE name = 'accounts_workspace';
UPDATE sqlite_sequence SET seq = 6 WHERE name = 'accounts_user';
UPDATE sqlite_sequence SET seq = 5 WHERE name = 'accounts_member';
UPDATE sqlite_sequence SET seq = 1 WHERE name = 'accounts_apikey';
UPDATE sqlite_sequence SET seq = 6 WHERE name = 'assistants_assistant';
UPDATE sqlite_sequence SET seq = 3 WHERE name = 'registry_storedassistant';
UPDATE sqlite_sequence SET seq = 12 WHERE name = 'assistants_outcome';
UPDATE sqlite_sequence SET seq = 1 WHERE name = 'assistants_job';
UPDATE sqlite_sequence SET seq = 1 WHERE name = 'accounts_stash';
