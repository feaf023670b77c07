CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (1, 'accounts', '0001_initial', '2026-11-26 23:25:31.187886');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (2, 'account', '0001_initial', '2026-11-26 23:25:31.206793');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (3, 'account', '0002_email_max_length', '2026-11-26 23:25:31.224751');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (4, 'account', '0003_alter_emailaddress_create_unique_verified_email', '2026-11-26 23:25:31.241395');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (5, 'account', '0004_alter_emailaddress_drop_unique_email', '2026-11-26 23:25:31.252331');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (6, 'account', '0005_emailaddress_idx_upper_email', '2026-11-26 23:25:31.266048');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (7, 'account', '0006_emailaddress_lower', '2026-11-26 23:25:31.282253');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (8, 'account', '0007_emailaddress_idx_email', '2026-11-26 23:25:31.304307');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (9, 'account', '0008_emailaddress_unique_primary_email_fixup', '2026-11-26 23:25:31.316616');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (10, 'account', '0009_emailaddress_unique_primary_email', '2026-11-26 23:25:31.334117');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (11, 'assistants', '0001_initial', '2026-11-26 23:25:32.294316');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (12, 'assistants', '0002_search_and_triggers', '2026-11-26 23:25:32.349261');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (13, 'assistants', '0003_editing', '2026-11-26 23:25:33.166130');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (14, 'contenttypes', '0001_initial', '2026-11-26 23:25:33.193687');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (15, 'contenttypes', '0002_remove_content_type_name', '2026-11-26 23:25:33.352666');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (16, 'auth', '0001_initial', '2026-11-26 23:25:33.429738');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (17, 'auth', '0002_alter_permission_name_max_length', '2026-11-26 23:25:33.490546');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (18, 'auth', '0003_alter_user_email_max_length', '2026-11-26 23:25:33.515625');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (19, 'auth', '0004_alter_user_username_opts', '2026-11-26 23:25:33.598190');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (20, 'auth', '0005_alter_user_last_login_null', '2026-11-26 23:25:33.650445');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (21, 'auth', '0006_require_contenttypes_0002', '2026-11-26 23:25:33.651289');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (22, 'auth', '0007_alter_validators_add_error_messages', '2026-11-26 23:25:33.695253');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (23, 'auth', '0008_alter_user_username_max_length', '2026-11-26 23:25:33.754380');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (24, 'auth', '0009_alter_user_last_name_max_length', '2026-11-26 23:25:33.771229');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (25, 'auth', '0010_alter_group_name_max_length', '2026-11-26 23:25:33.860108');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (26, 'auth', '0011_update_proxy_permissions', '2026-11-26 23:25:33.980062');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (27, 'auth', '0012_alter_user_first_name_max_length', '2026-11-26 23:25:34.038756');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (28, 'registry', '0001_initial', '2026-11-26 23:25:34.680261');
INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES (29, 'sessions', '0001_initial', '2026-11-26 23:25:34.692048');
CREATE TABLE "accounts_workspace" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(50) NOT NULL UNIQUE, "name" varchar(100) NOT NULL, "created_at" datetime NOT NULL);
INSERT INTO "accounts_workspace" ("id", "slug", "name", "created_at") VALUES (1, 'main', 'main', '2026-11-26 23:25:40.971165');
INSERT INTO "accounts_workspace" ("id", "slug", "name", "created_at") VALUES (2, 'other', 'other', '2026-11-26 23:25:47.974636');
CREATE TABLE "accounts_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "email" varchar(254) NOT NULL UNIQUE, "name" varchar(150) NOT NULL, "is_active" bool NOT NULL, "is_owner" bool NOT NULL, "date_joined" datetime NOT NULL);
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (1, 'pbkdf2_sha256$1000000$wIVfYDFEyDiHOrcS6KNJrz$V2iZKVWYqfgO1gUAhtY+PsyFSP4m6vBv75TQ+trUxJU=', NULL, 'olga@example.com', '', 1, 1, '2026-11-26 23:25:57.281747');
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (2, 'pbkdf2_sha256$1000000$bDM07K9Ol8zSwTWeasOfCv$oWrX0iiLv88QlROxZx6gAtPJl6GkoTUuZmmJuYI3VgU=', '2026-11-26 23:27:03.494699', 'ada@example.com', 'Ada', 1, 0, '2026-11-26 23:26:04.960641');
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (3, 'pbkdf2_sha256$1000000$fE8F8gajMNAfpFUJ5Zo0h1$GicehPhuYEx38AS8filxKmsroVmBL1TMmVXyN5cBVpU=', '2026-11-26 23:26:57.862085', 'pia@example.com', 'Pia', 1, 0, '2026-11-26 23:26:09.387874');
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (4, 'pbkdf2_sha256$1000000$VpSxKVe0O7wWnqIXMA2i51$l0Rc728vgoU3jBZVWW7ghXbZ/1NAody4napk9A13LgY=', '2026-11-26 23:27:09.623812', 'emil@example.com', 'Emil', 1, 0, '2026-11-26 23:26:14.096743');
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (5, 'pbkdf2_sha256$1000000$jyQtD27cSSsPVWAtWd8zgj$KcHgLD5KZgqI5Ngdp0h+0RVhiczRAF+qZKn3ZUAYosw=', NULL, 'vera@example.com', 'Vera', 1, 0, '2026-11-26 23:26:17.912579');
INSERT INTO "accounts_user" ("id", "password", "last_login", "email", "name", "is_active", "is_owner", "date_joined") VALUES (6, '!IG0NDVlMu7zB9qHJV2dIcPMZ9XRaZoSj8PEuFLGX', NULL, 'nina@example.com', '', 1, 0, '2026-11-26 23:26:21.207599');
CREATE TABLE "accounts_apikey" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL, "prefix" varchar(12) NOT NULL, "digest" varchar(64) NOT NULL UNIQUE, "can_write" bool NOT NULL, "created_at" datetime NOT NULL, "last_used_at" datetime NULL, "revoked_at" datetime NULL, "created_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "accounts_apikey" ("id", "name", "prefix", "digest", "can_write", "created_at", "last_used_at", "revoked_at", "created_by_id", "workspace_id") VALUES (1, 'App', 'aa_h6Rrj', 'c7e34e1016be7a685d3407359b4105d2d3f6489ee246ad58d7fda40bb9e5106c', 1, '2026-11-26 23:26:28.017027', NULL, NULL, NULL, 1);
CREATE TABLE "accounts_stash" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "path" varchar(500) NOT NULL, "body" BLOB NOT NULL, "created_at" datetime NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_stash_per_page" UNIQUE ("user_id", "path"));
INSERT INTO "accounts_stash" ("id", "path", "body", "created_at", "user_id") VALUES (1, '/w/main/assistants/4/review/', X'6741414141414272434D424A66432D6D575733784B6D3833482D73624469784E683454736D4D365A61744368704C525546696738696C737A6D3541546B6C7A6B32304F61596852436A436268756E6B566575503653346373506D7A65736B34764F5367362D4C37324F6551585F43365A456C575630695679564764716B566B65374167556A63656B5172366B74566A73416F70526C373853616A3057677346376766425732324553687A61447A684E6664686A6B32464E6659654F6941446B74313963394B564F4658645848', '2026-11-26 23:27:05.069765', 2);
INSERT INTO "accounts_stash" ("id", "path", "body", "created_at", "user_id") VALUES (2, '/w/main/assistants/3/edit/#4-nHx89IN-84gt', X'6741414141414272434D425075325230676D4C5944486834594752476435684547794265456D364359514264614B34444A3453396144594C353137335458596F315931397054745570514337374F6F73486B65596F4861695278464C3147494772556B706245326242784E43694B464E71465149756A6E726C336C5F64704D42444975343676736852366D5778494143625747564354466359486562444D687476646B6C6757595243356E7A6C6F784A62375F52645A7457572D417A496B4E4132336F4E4A4A4A38695F714B796352725455762D63475A31367652614F5071796D616B4945446D465A35416F56786E6E69647665474D6F72676B47675377666669415362775772435631366A5A7067625F71434D307A64394D34703037594D4E58694E39483739514248656A62714B7A445654533970526E432D49334B315A4F7574352D335F5F774762746450616135495259456130564269447975626D3978566C33637A7162656739513172453870654D396771514938306E5739587838643279347534324774484967344A684A5963654C363678666E384E7064686D4F326B566A717169784738682D4C39546858633659426F525259744B6D6E4A6B474D785233696E5656727A52336D7754767466317432344336495237736D45746D474E513D3D', '2026-11-26 23:27:11.103872', 4);
CREATE TABLE "accounts_member" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "role" varchar(10) NOT NULL, "created_at" datetime NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_member_per_user" UNIQUE ("workspace_id", "user_id"));
INSERT INTO "accounts_member" ("id", "role", "created_at", "user_id", "workspace_id") VALUES (1, 'admin', '2026-11-26 23:26:04.979322', 2, 1);
INSERT INTO "accounts_member" ("id", "role", "created_at", "user_id", "workspace_id") VALUES (2, 'publisher', '2026-11-26 23:26:09.425935', 3, 1);
INSERT INTO "accounts_member" ("id", "role", "created_at", "user_id", "workspace_id") VALUES (3, 'editor', '2026-11-26 23:26:14.111814', 4, 1);
INSERT INTO "accounts_member" ("id", "role", "created_at", "user_id", "workspace_id") VALUES (4, 'viewer', '2026-11-26 23:26:17.920037', 5, 1);
INSERT INTO "accounts_member" ("id", "role", "created_at", "user_id", "workspace_id") VALUES (5, 'editor', '2026-11-26 23:26:21.219984', 6, 1);
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
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (1, 'asst_6vzscTfJ43AIn9rhphR4jRpB', 1795735618.0, 'live', '', 0, 'Desk 1', '', 'gpt-5.2', '', 3, 'b19babb13ea5a2c61474132357ca4d1c4ef9d2525ef286fd3da70e7691d92398', '"5"', 3, 'c49d59c65cdee9f66c4a2d3a19f716109f556f47eb325ff3a6b0e7a1216e4f5a', NULL, '2026-11-26 23:26:58.184862', '2026-11-26 23:27:01.015513', 'Pia', '2026-11-26 23:27:01.082884', 3, 1, 1, 5, NULL);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (2, 'asst_LLQRGHGRvuqYM2apH9xmyzhJ', 1795735619.0, 'deleted', '', 0, 'Desk 2', '', 'gpt-5.2', '', 1, '6378bcbb84f8d48fb104c3247d31555b8aab3c80368011d0fefb6dcf6311d79c', '', 2, 'c0a8c89de96d0829f8b93c69c4f84bef79b9b15b44a126e9a7c332c433df4ee2', NULL, '2026-11-26 23:26:58.965514', '2026-11-26 23:27:01.280067', 'Pia', '2026-11-26 23:26:59.255312', 3, 1, 1, 2, NULL);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (3, 'asst_5ynqMZzvh2EBAEw7GszUGFzv', 1795735619.0, 'live', '', 0, 'Desk 3', '', 'gpt-5.2', '', 1, '7fddaf04b7fab41ced6155e656368e73aa2657a949a03403a5528271977ca5e4', '"3"', 1, 'd989de79621378eef12066f61d7887988866ac4dda9b88b30597a14bc7635115', NULL, '2026-11-26 23:26:59.527502', '2026-11-26 23:26:59.821044', 'Pia', '2026-11-26 23:26:59.863276', 3, 1, 1, 3, NULL);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (4, 'asst_000000000000000000000003', 1795735528.0, 'live', 'rejected', 0, 'Brought in 2', '', 'gpt-4o', '', 1, 'e5be232dfeef147753b5be05b6a7876031c596ced79a3a16a6dbd4f2b246c059', '', 2, '4c9814c785f31ef2043363b74d0b2fc60571cf1325d270b7c9450e032d28b2f8', NULL, '2026-11-26 23:27:03.911545', '2026-11-26 23:27:03.957647', 'Ada', '2026-11-26 23:27:07.596801', NULL, 1, 3, 7, NULL);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (5, 'asst_000000000000000000000002', 1795735528.0, 'live', '', 0, 'Brought in 1', '', 'gpt-4o', '', 2, 'd3854ca46026c29c7a9b6bbd887781fc47f3d139e0781fff3db38b1faa524c5e', '', 2, 'e80935a0a0213b409bbbe045ac676bdadc08d9b1bc1734a3d503a18e6ff82f47', NULL, '2026-11-26 23:27:03.996446', '2026-11-26 23:27:05.824685', 'Ada', '2026-11-26 23:27:05.838008', NULL, 1, 3, 11, NULL);
INSERT INTO "assistants_assistant" ("id", "remote_id", "remote_created_at", "state", "trouble", "is_sample", "name", "description", "model", "tool_kinds", "live_version", "live_digest", "etag", "last_number", "last_digest", "slot_until", "created_at", "changed_at", "changed_by", "checked_at", "created_by_id", "workspace_id", "connection_id", "live_id", "slot_id") VALUES (6, 'asst_000000000000000000000001', 1795735528.0, 'live', 'unconfirmed', 0, 'Brought in 0', '', 'gpt-4o', '', 1, 'a62759ead3090699905e81d78ef65bb4d591407ff99dc2213b93c9704634fc42', '', 2, '6c71ed74f556aed79747bac8edb3d91e5cf4b8f3ef254ffcbf60a2fba2768ab1', NULL, '2026-11-26 23:27:04.046820', '2026-11-26 23:27:04.048183', 'Ada', '2026-11-26 23:27:04.067703', NULL, 1, 3, 9, NULL);
CREATE TABLE "assistants_outcome" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "status" varchar(15) NOT NULL, "version" integer unsigned NULL CHECK ("version" >= 0), "values" text NULL, "texts" text NULL, "differences" text NOT NULL, "error" varchar(40) NOT NULL, "message" text NOT NULL, "code" varchar(100) NOT NULL, "param" varchar(300) NOT NULL, "request_id" varchar(200) NOT NULL, "created_at" datetime NOT NULL, "digest" varchar(64) NOT NULL, "assistant_id" bigint NOT NULL REFERENCES "assistants_assistant" ("id") DEFERRABLE INITIALLY DEFERRED, "revision_id" bigint NOT NULL REFERENCES "assistants_revision" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (1, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:26:58.672445', '210fe6fcce58a9d927865506695b78ba06b134c3d907f2e0a0093bbbb02f1674', 1, 1);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (2, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:26:59.255006', 'a74ab5f6acb00e6ef1b61763146fad1d7d5621dfe3937e8af75cde4dbf4d0822', 2, 2);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (3, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:26:59.862823', 'df03edf68434bec1529dac6c0a3c9c468b63dd500602950f690b396e689dedce', 3, 3);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (4, 'applied', 2, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:27:00.464736', '66626f5352947927d5e207c6ebdc74f2a52e6e78c39739fb299bcfade0fc0d23', 1, 4);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (5, 'applied', 3, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:27:01.065506', 'cb222c584b4a556ef147c5271186242a69695552ca6a0463b5d453430be02c6b', 1, 5);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (6, 'applied', NULL, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:27:01.349247', '7fc81af8240dda90a2623faa28d1d4fee7265aeb97ca837f681138e90773c958', 2, 6);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (7, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:27:03.958175', '1400be4ad1118e5f19aaf52fb27ceb0e385459c944bfc300c23e7d500786dd42', 4, 7);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (8, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:27:04.027565', '942c9ac99851f67ca7aaf3f2bb0e1733ecdab83445dcde96b58aa92a8e2c1d40', 5, 8);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (9, 'applied', 1, NULL, NULL, '[]', '', '', '', '', '', '2026-11-26 23:27:04.067285', 'e9c4a7f08289215bd9a2ed6eccbb87062aa046591b6f6d4c0199a157228bb9ea', 6, 9);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (10, 'rejected', NULL, NULL, NULL, '[]', 'refused', 'No such model.', '', 'model', '', '2026-11-26 23:27:05.013142', '2e298367fe0770bafc31067b0782f3f4e67bde22fd7d1dfa65b6102a28799803', 4, 10);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (11, 'applied', 2, '{"name":"Brought in 1","model":"gpt-4o","metadata":{"team":"desk"},"temperature":1}', '{"instructions":"afff5fb8373716d567337f9d1bfa838f780d693bc6905573924b12f1c27b4dce"}', '[{"field":"temperature","sent":1.5,"stored":1}]', '', '', '', '', '', '2026-11-26 23:27:05.837391', 'e43a022f21732714dc4955c5051546a6cffdc4d514a313353b5546636a6af575', 5, 11);
INSERT INTO "assistants_outcome" ("id", "status", "version", "values", "texts", "differences", "error", "message", "code", "param", "request_id", "created_at", "digest", "assistant_id", "revision_id") VALUES (12, 'unconfirmed', NULL, NULL, NULL, '[]', 'connection_lost', '[Errno 104] Connection reset by peer', '', '', '', '2026-11-26 23:27:07.309614', '47cac67f20acf0abdc44ca0e6b8c654537e6c7e0b1a9cd1d8d2c4e43b122f1aa', 6, 12);
CREATE TABLE "assistants_connection" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL, "profile" varchar(20) NOT NULL, "base_url" varchar(500) NOT NULL, "credentials" text NOT NULL, "options" text NOT NULL CHECK ((JSON_VALID("options") OR "options" IS NULL)), "is_default" bool NOT NULL, "from_environment" bool NOT NULL, "created_at" datetime NOT NULL, "checked_at" datetime NULL, "trouble" varchar(40) NOT NULL, "trouble_since" datetime NULL, "feed_cursor" bigint NOT NULL, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "connection_name" UNIQUE ("workspace_id", "name"));
INSERT INTO "assistants_connection" ("id", "name", "profile", "base_url", "credentials", "options", "is_default", "from_environment", "created_at", "checked_at", "trouble", "trouble_since", "feed_cursor", "workspace_id") VALUES (1, 'Built-in registry', 'registry', '', '', '{}', 0, 0, '2026-11-26 23:25:41.002009', NULL, '', NULL, 5, 1);
INSERT INTO "assistants_connection" ("id", "name", "profile", "base_url", "credentials", "options", "is_default", "from_environment", "created_at", "checked_at", "trouble", "trouble_since", "feed_cursor", "workspace_id") VALUES (2, 'Built-in registry', 'registry', '', '', '{}', 1, 0, '2026-11-26 23:25:48.018044', NULL, '', NULL, 0, 2);
INSERT INTO "assistants_connection" ("id", "name", "profile", "base_url", "credentials", "options", "is_default", "from_environment", "created_at", "checked_at", "trouble", "trouble_since", "feed_cursor", "workspace_id") VALUES (3, 'environment', 'openai', 'http://127.0.0.1:34681/v1', 'gAAAAABrCMA86dl3JOhtyW_BPZavVhiCSZ-Q0YQ906hTbQnx_XzBT6zeRVnEdN4ufxpzr7d-68-b5qqEYItfD5SPLi4Au5MPYtBM2pd7cK_oJ2PQ2FXbU7x8MXIc2HATa4k6ACVW85km', '{}', 1, 1, '2026-11-26 23:26:52.356260', '2026-11-26 23:27:07.601654', '', NULL, 0, 1);
CREATE TABLE "assistants_revision" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "kind" varchar(10) NOT NULL, "values" text NOT NULL, "texts" text NOT NULL, "changes" text NOT NULL, "author_name" varchar(200) NOT NULL, "drafter_name" varchar(200) NOT NULL, "note" text NOT NULL, "trace_id" varchar(64) NOT NULL, "created_at" datetime NOT NULL, "previous_digest" varchar(64) NOT NULL, "digest" varchar(64) NOT NULL, "assistant_id" bigint NOT NULL REFERENCES "assistants_assistant" ("id") DEFERRABLE INITIALLY DEFERRED, "author_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "drafter_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, "base_id" bigint NULL REFERENCES "assistants_revision" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "revision_number" UNIQUE ("assistant_id", "number"));
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (1, 1, 'create', '{"name":"Desk 1","model":"gpt-5.2"}', '{"instructions":"0fb1e385f44b04284e6b3f8652d534c71ceeb5298151f52131c995ff3ad212d6"}', '[{"field":"name","kind":"added","added":2,"removed":0,"old":null,"new":"Desk 1"},{"field":"model","kind":"added","old":null,"new":"gpt-5.2"},{"field":"instructions","kind":"added","added":313,"removed":0}]', 'Pia', '', 'First', 'aa-001dcece88454412b9bc6c35d78585c5', '2026-11-26 23:26:58.471759', '', '20a92100522fc3280dc32adb1378e7917de4b11bfe44581bfbb4225c234c70fa', 1, 3, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (2, 1, 'create', '{"name":"Desk 2","model":"gpt-5.2"}', '{"instructions":"f67fce3e3b5e2b56dd139aecaed1b0aa0639ad8397fedfee6f8515f43558a6ee"}', '[{"field":"name","kind":"added","added":2,"removed":0,"old":null,"new":"Desk 2"},{"field":"model","kind":"added","old":null,"new":"gpt-5.2"},{"field":"instructions","kind":"added","added":313,"removed":0}]', 'Pia', '', 'First', 'aa-af431da7943f4e789c11ea78e615b2ae', '2026-11-26 23:26:59.207965', '', '4efb987c623b9ef48e36da967e6af53f9c7a2b7a2e60c5f29713f5ee70109902', 2, 3, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (3, 1, 'create', '{"name":"Desk 3","model":"gpt-5.2"}', '{"instructions":"fcd03dd8f18dbacb7b1a46f4d99db50dd53f17278070b45f8fa7a1debe01063e"}', '[{"field":"name","kind":"added","added":2,"removed":0,"old":null,"new":"Desk 3"},{"field":"model","kind":"added","old":null,"new":"gpt-5.2"},{"field":"instructions","kind":"added","added":313,"removed":0}]', 'Pia', '', 'First', 'aa-5238561f76134808a9e45b13af07506e', '2026-11-26 23:26:59.821044', '', 'd989de79621378eef12066f61d7887988866ac4dda9b88b30597a14bc7635115', 3, 3, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (4, 2, 'edit', '{"name":"Desk 1","model":"gpt-5.2"}', '{"instructions":"d8478d2fc4da89b174cf6e33de8202c428875f8a171d09f891df6c59f8d1ea87"}', '[{"field":"instructions","kind":"changed","added":3,"removed":1}]', 'Pia', '', 'Longer', 'aa-6766503433e440b7a1af840a341c2755', '2026-11-26 23:27:00.403210', '20a92100522fc3280dc32adb1378e7917de4b11bfe44581bfbb4225c234c70fa', 'd3abf9bf988e13a8d1e3dbcb11767010effc48e4b795b3581d400c687cce3581', 1, 3, NULL, 1, 1);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (5, 3, 'edit', '{"name":"Desk 1","model":"gpt-5.2"}', '{"instructions":"7e086b01ee2219a66054d38362b8b4cbe4357a3dcbe8aa7dae8530cd9dde9777"}', '[{"field":"instructions","kind":"changed","added":1,"removed":0}]', 'Pia', '', 'Longer', 'aa-36c5623e7a1b402a8698fe2bfbe3b0b2', '2026-11-26 23:27:01.015513', 'd3abf9bf988e13a8d1e3dbcb11767010effc48e4b795b3581d400c687cce3581', 'c49d59c65cdee9f66c4a2d3a19f716109f556f47eb325ff3a6b0e7a1216e4f5a', 1, 3, NULL, 1, 4);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (6, 2, 'delete', '{"name":"Desk 2","model":"gpt-5.2"}', '{"instructions":"f67fce3e3b5e2b56dd139aecaed1b0aa0639ad8397fedfee6f8515f43558a6ee"}', '[]', 'Pia', '', '', 'aa-c1fda1a5a72c425082b4deae39981420', '2026-11-26 23:27:01.280067', '4efb987c623b9ef48e36da967e6af53f9c7a2b7a2e60c5f29713f5ee70109902', 'c0a8c89de96d0829f8b93c69c4f84bef79b9b15b44a126e9a7c332c433df4ee2', 2, 3, NULL, 1, 2);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (7, 1, 'bring_in', '{"name":"Brought in 2","model":"gpt-4o","metadata":{"team":"desk"}}', '{"instructions":"810dc8ef4fcf3c7328ebf483b8245c2663b14418e0a0610737c06c83a2b40f34"}', '[{"field":"name","kind":"added","added":3,"removed":0,"old":null,"new":"Brought in 2"},{"field":"model","kind":"added","old":null,"new":"gpt-4o"},{"field":"instructions","kind":"added","added":312,"removed":0},{"field":"metadata","kind":"added","added":["team"],"removed":[],"changed":[],"moved":false}]', 'Ada', '', '', 'aa-e673a1e559a54e6bb321d3e9eb1cf3c0', '2026-11-26 23:27:03.957647', '', 'dc4930d6ce34cff333dc499ca37414beb1f2fd1e671b7cc2691cf55ac0b076c6', 4, 2, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (8, 1, 'bring_in', '{"name":"Brought in 1","model":"gpt-4o","metadata":{"team":"desk"}}', '{"instructions":"810dc8ef4fcf3c7328ebf483b8245c2663b14418e0a0610737c06c83a2b40f34"}', '[{"field":"name","kind":"added","added":3,"removed":0,"old":null,"new":"Brought in 1"},{"field":"model","kind":"added","old":null,"new":"gpt-4o"},{"field":"instructions","kind":"added","added":312,"removed":0},{"field":"metadata","kind":"added","added":["team"],"removed":[],"changed":[],"moved":false}]', 'Ada', '', '', 'aa-fe8a26417fce4d0f9726b4533c3f5645', '2026-11-26 23:27:04.026932', '', 'ca12614651c92a769a762e5a190f666661dc4501045edf25e6e60ec5897204a8', 5, 2, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (9, 1, 'bring_in', '{"name":"Brought in 0","model":"gpt-4o","metadata":{"team":"desk"}}', '{"instructions":"810dc8ef4fcf3c7328ebf483b8245c2663b14418e0a0610737c06c83a2b40f34"}', '[{"field":"name","kind":"added","added":3,"removed":0,"old":null,"new":"Brought in 0"},{"field":"model","kind":"added","old":null,"new":"gpt-4o"},{"field":"instructions","kind":"added","added":312,"removed":0},{"field":"metadata","kind":"added","added":["team"],"removed":[],"changed":[],"moved":false}]', 'Ada', '', '', 'aa-86bcc888a915411b874c32845225b2e0', '2026-11-26 23:27:04.048183', '', '81a5ae00e9786d22ecd02026c10b66efe59057ae4d160e03c58575132d17310d', 6, 2, NULL, 1, NULL);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (10, 2, 'edit', '{"name":"Brought in 2","model":"gpt-4o","metadata":{"team":"desk"},"temperature":1.5}', '{"instructions":"afff5fb8373716d567337f9d1bfa838f780d693bc6905573924b12f1c27b4dce"}', '[{"field":"instructions","kind":"changed","added":1,"removed":0},{"field":"temperature","kind":"added","old":null,"new":1.5}]', 'Ada', '', 'To the gateway', 'aa-a9f44ecae0254b47ba89df8ea8878da7', '2026-11-26 23:27:04.775839', 'dc4930d6ce34cff333dc499ca37414beb1f2fd1e671b7cc2691cf55ac0b076c6', '4c9814c785f31ef2043363b74d0b2fc60571cf1325d270b7c9450e032d28b2f8', 4, 2, NULL, 1, 7);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (11, 2, 'edit', '{"name":"Brought in 1","model":"gpt-4o","metadata":{"team":"desk"},"temperature":1.5}', '{"instructions":"afff5fb8373716d567337f9d1bfa838f780d693bc6905573924b12f1c27b4dce"}', '[{"field":"instructions","kind":"changed","added":1,"removed":0},{"field":"temperature","kind":"added","old":null,"new":1.5}]', 'Ada', '', 'To the gateway', 'aa-1467ecc884424645919f3fc68927d406', '2026-11-26 23:27:05.824685', 'ca12614651c92a769a762e5a190f666661dc4501045edf25e6e60ec5897204a8', 'e80935a0a0213b409bbbe045ac676bdadc08d9b1bc1734a3d503a18e6ff82f47', 5, 2, NULL, 1, 8);
INSERT INTO "assistants_revision" ("id", "number", "kind", "values", "texts", "changes", "author_name", "drafter_name", "note", "trace_id", "created_at", "previous_digest", "digest", "assistant_id", "author_id", "drafter_id", "workspace_id", "base_id") VALUES (12, 2, 'edit', '{"name":"Brought in 0","model":"gpt-4o","metadata":{"team":"desk"},"temperature":1.5}', '{"instructions":"afff5fb8373716d567337f9d1bfa838f780d693bc6905573924b12f1c27b4dce"}', '[{"field":"instructions","kind":"changed","added":1,"removed":0},{"field":"temperature","kind":"added","old":null,"new":1.5}]', 'Ada', '', 'To the gateway', 'aa-66b502cffbaf475e9f6fa691c6d7f890', '2026-11-26 23:27:06.519470', '81a5ae00e9786d22ecd02026c10b66efe59057ae4d160e03c58575132d17310d', '6c71ed74f556aed79747bac8edb3d91e5cf4b8f3ef254ffcbf60a2fba2768ab1', 6, 2, NULL, 1, 9);
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
And be very brief.', '', 'asst_6vzscTfJ43AIn9rhphR4jRpB');
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
2', '', 'asst_LLQRGHGRvuqYM2apH9xmyzhJ');
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
3', '', 'asst_5ynqMZzvh2EBAEw7GszUGFzv');
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
CREATE TABLE "assistants_draft" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content" text NOT NULL, "changes" text NOT NULL, "kind" varchar(10) NOT NULL, "created_at" datetime NOT NULL, "updated_at" datetime NOT NULL, "assistant_id" bigint NOT NULL REFERENCES "assistants_assistant" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "base_id" bigint NULL REFERENCES "assistants_revision" ("id") DEFERRABLE INITIALLY DEFERRED, "tab" varchar(64) NOT NULL, "turn" integer unsigned NOT NULL CHECK ("turn" >= 0), CONSTRAINT "one_draft_per_person" UNIQUE ("assistant_id", "user_id"));
INSERT INTO "assistants_draft" ("id", "content", "changes", "kind", "created_at", "updated_at", "assistant_id", "user_id", "base_id", "tab", "turn") VALUES (6, '{"name":"Desk 3","model":"gpt-5.2","instructions":"Pia''s draft"}', '[{"field":"instructions","kind":"changed","added":2,"removed":313}]', 'edit', '2026-11-26 23:27:01.525995', '2026-11-26 23:27:01.526019', 3, 3, 3, '3-b-AK1IK80Xny', 0);
INSERT INTO "assistants_draft" ("id", "content", "changes", "kind", "created_at", "updated_at", "assistant_id", "user_id", "base_id", "tab", "turn") VALUES (7, '{"name":"Brought in 2","model":"gpt-4o","instructions":"Be kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nChanged.","metadata":{"team":"desk"},"temperature":1.5}', '[{"field":"instructions","kind":"changed","added":1,"removed":0},{"field":"temperature","kind":"added","old":null,"new":1.5}]', 'edit', '2026-11-26 23:27:04.569392', '2026-11-26 23:27:04.569422', 4, 2, 7, '2-ctOvbn_cZmQK', 0);
INSERT INTO "assistants_draft" ("id", "content", "changes", "kind", "created_at", "updated_at", "assistant_id", "user_id", "base_id", "tab", "turn") VALUES (9, '{"name":"Brought in 0","model":"gpt-4o","instructions":"Be kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nChanged.","metadata":{"team":"desk"},"temperature":1.5}', '[{"field":"instructions","kind":"changed","added":1,"removed":0},{"field":"temperature","kind":"added","old":null,"new":1.5}]', 'edit', '2026-11-26 23:27:06.175246', '2026-11-26 23:27:06.175274', 6, 2, 9, '2-brYe5FnkixrP', 0);
INSERT INTO "assistants_draft" ("id", "content", "changes", "kind", "created_at", "updated_at", "assistant_id", "user_id", "base_id", "tab", "turn") VALUES (10, '{"name":"Desk 1","model":"gpt-5.2","instructions":"Be kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nEmil types 1"}', '[{"field":"instructions","kind":"changed","added":3,"removed":4}]', 'edit', '2026-11-26 23:27:09.975009', '2026-11-26 23:27:10.869558', 1, 4, 5, '4-Y60Oo4tL_M-3', 1);
CREATE TABLE "assistants_job" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "status" varchar(10) NOT NULL, "cursor" varchar(128) NOT NULL, "pages" integer unsigned NOT NULL CHECK ("pages" >= 0), "seen" integer unsigned NOT NULL CHECK ("seen" >= 0), "added" integer unsigned NOT NULL CHECK ("added" >= 0), "changed" integer unsigned NOT NULL CHECK ("changed" >= 0), "missing" integer unsigned NOT NULL CHECK ("missing" >= 0), "failures" text NOT NULL CHECK ((JSON_VALID("failures") OR "failures" IS NULL)), "error" varchar(40) NOT NULL, "started_at" datetime NOT NULL, "finished_at" datetime NULL, "lease_until" datetime NULL, "connection_id" bigint NOT NULL REFERENCES "assistants_connection" ("id") DEFERRABLE INITIALLY DEFERRED, "started_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, "calls" integer unsigned NOT NULL CHECK ("calls" >= 0), "not_before" datetime NULL, "seen_pks" text NOT NULL, "waits" smallint unsigned NOT NULL CHECK ("waits" >= 0));
INSERT INTO "assistants_job" ("id", "status", "cursor", "pages", "seen", "added", "changed", "missing", "failures", "error", "started_at", "finished_at", "lease_until", "connection_id", "started_by_id", "workspace_id", "calls", "not_before", "seen_pks", "waits") VALUES (1, 'done', '', 1, 3, 3, 0, 0, '[]', '', '2026-11-26 23:27:03.610578', '2026-11-26 23:27:04.079797', NULL, 3, 2, 1, 1, NULL, '[]', 0);
CREATE TABLE "assistants_acceptance" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(200) NOT NULL, "created_at" datetime NOT NULL, "revision_id" bigint NOT NULL UNIQUE REFERENCES "assistants_revision" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "assistants_acceptance" ("id", "name", "created_at", "revision_id", "user_id") VALUES (1, 'Ada', '2026-11-26 23:27:07.537335', 11, 2);
CREATE TABLE "assistants_presence" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "tab" varchar(64) NOT NULL UNIQUE, "seen_at" datetime NOT NULL, "assistant_id" bigint NOT NULL REFERENCES "assistants_assistant" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "assistants_presence" ("id", "tab", "seen_at", "assistant_id", "user_id") VALUES (1, '4-mYtY7VPXZP_-', '2026-11-26 23:27:10.925370', 1, 4);
CREATE TABLE "assistants_showndraft" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "digest" varchar(64) NOT NULL, "content" text NOT NULL, "shown_at" datetime NOT NULL, "assistant_id" bigint NOT NULL REFERENCES "assistants_assistant" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "shown_draft_once" UNIQUE ("assistant_id", "user_id", "digest"));
INSERT INTO "assistants_showndraft" ("id", "digest", "content", "shown_at", "assistant_id", "user_id") VALUES (1, '10d60f1cbbfdfd510af19631003c7779d08f42f9a7b4bd305f7ddcbcdf10033d', '{"name":"Desk 1","model":"gpt-5.2","instructions":"Be kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nEmil''s draft"}', '2026-11-26 23:27:10.342954', 1, 4);
INSERT INTO "assistants_showndraft" ("id", "digest", "content", "shown_at", "assistant_id", "user_id") VALUES (2, 'e4a7a2a8776db855fe90276797f1d53f4cfba9b8306a41d2b5649a77b1127908', '{"name":"Desk 1","model":"gpt-5.2","instructions":"Be kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nBe kind, and answer in the language of the question. K\u00f6nigsallee \ud83d\ude42 \u5ba2\u670d\nEmil types 0"}', '2026-11-26 23:27:10.619736', 1, 4);
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
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (22, 'assistants', 'acceptance');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (23, 'assistants', 'presence');
INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES (24, 'assistants', 'showndraft');
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
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (85, 22, 'add_acceptance', 'Can add acceptance');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (86, 22, 'change_acceptance', 'Can change acceptance');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (87, 22, 'delete_acceptance', 'Can delete acceptance');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (88, 22, 'view_acceptance', 'Can view acceptance');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (89, 23, 'add_presence', 'Can add presence');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (90, 23, 'change_presence', 'Can change presence');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (91, 23, 'delete_presence', 'Can delete presence');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (92, 23, 'view_presence', 'Can view presence');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (93, 24, 'add_showndraft', 'Can add shown draft');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (94, 24, 'change_showndraft', 'Can change shown draft');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (95, 24, 'delete_showndraft', 'Can delete shown draft');
INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES (96, 24, 'view_showndraft', 'Can view shown draft');
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "registry_counter" ("workspace_id" bigint NOT NULL PRIMARY KEY REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, "last" bigint unsigned NOT NULL CHECK ("last" >= 0));
INSERT INTO "registry_counter" ("workspace_id", "last") VALUES (1, 6);
CREATE TABLE "registry_storedassistant" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "public_id" varchar(29) NOT NULL UNIQUE, "created_at" datetime NOT NULL, "sequence" bigint unsigned NOT NULL CHECK ("sequence" >= 0), "packed" BLOB NOT NULL, "deleted" bool NOT NULL, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "registry_storedassistant" ("id", "public_id", "created_at", "sequence", "packed", "deleted", "workspace_id") VALUES (1, 'asst_6vzscTfJ43AIn9rhphR4jRpB', '2026-11-26 23:26:58.584204', 5, X'7801AB56CA4BCC4D55B25272492DCE563054D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A262740456AF49A90A65A945950A494599A9697A4AB5004E331726', 0, 1);
INSERT INTO "registry_storedassistant" ("id", "public_id", "created_at", "sequence", "packed", "deleted", "workspace_id") VALUES (2, 'asst_LLQRGHGRvuqYM2apH9xmyzhJ', '2026-11-26 23:26:59.252520', 6, X'', 1, 1);
INSERT INTO "registry_storedassistant" ("id", "public_id", "created_at", "sequence", "packed", "deleted", "workspace_id") VALUES (3, 'asst_5ynqMZzvh2EBAEw7GszUGFzv', '2026-11-26 23:26:59.842393', 3, X'7801AB56CA4BCC4D55B25272492DCE563056D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A2623456AA050002121125', 0, 1);
CREATE TABLE "registry_write" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "sequence" bigint unsigned NOT NULL CHECK ("sequence" >= 0), "action" varchar(8) NOT NULL, "key_name" varchar(100) NULL, "trace_id" varchar(200) NULL, "at" datetime NOT NULL, "packed" BLOB NULL, "assistant_id" bigint NOT NULL REFERENCES "registry_storedassistant" ("id") DEFERRABLE INITIALLY DEFERRED, "workspace_id" bigint NOT NULL REFERENCES "accounts_workspace" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "write_sequence" UNIQUE ("workspace_id", "sequence"));
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (1, 1, 'created', NULL, 'aa-001dcece88454412b9bc6c35d78585c5', '2026-11-26 23:26:58.584204', X'7801AB56CA4BCC4D55B25272492DCE563054D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A2623454AA0500F2DD1121', 1, 1);
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (2, 2, 'created', NULL, 'aa-af431da7943f4e789c11ea78e615b2ae', '2026-11-26 23:26:59.252520', X'7801AB56CA4BCC4D55B25272492DCE563052D251CACD4F49CD010AA41794E89AEA814432F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A2623452AA0500FA701123', 2, 1);
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (3, 3, 'created', NULL, 'aa-5238561f76134808a9e45b13af07506e', '2026-11-26 23:26:59.842393', X'7801AB56CA4BCC4D55B25272492DCE563056D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A2623456AA050002121125', 3, 1);
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (4, 4, 'modified', NULL, 'aa-6766503433e440b7a1af840a341c2755', '2026-11-26 23:27:00.407146', X'7801AB56CA4BCC4D55B25272492DCE563054D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A262740456AF49A90A494599A9697A4AB500DC931540', 1, 1);
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (5, 5, 'modified', NULL, 'aa-36c5623e7a1b402a8698fe2bfbe3b0b2', '2026-11-26 23:27:01.039535', X'7801AB56CA4BCC4D55B25272492DCE563054D251CACD4F49CD010AA41794E89AEA19014532F38A4B8A4A934B32F3F38A81124EA90AD99979293A0A897929405C5C9E5AA49099A7509291AA909398975E9A989EAA909F06E61796A61683B4E929781FDE9697995E9C9893939AAAF061FECC2685A7EB163D9BD31B93376ADC68D8298C2694D15C315AA28C169FA37505A262740456AF49A90A65A945950A494599A9697A4AB5004E331726', 1, 1);
INSERT INTO "registry_write" ("id", "sequence", "action", "key_name", "trace_id", "at", "packed", "assistant_id", "workspace_id") VALUES (6, 6, 'deleted', NULL, 'aa-c1fda1a5a72c425082b4deae39981420', '2026-11-26 23:27:01.321978', NULL, 2, 1);
CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL);
INSERT INTO "django_session" ("session_key", "session_data", "expire_date") VALUES ('9i6x3h5sc560pu2eb721k1858lun6658', '.eJyFkM1qxDAMhN9F52Ds2M7fqe1rlBJkWyGm-SN26JZl3712msvSQ29iNPOJ0R3Q2vVYYo9HHGmJ3mL069LPFMfVBeje7_A7QwcbhvC17g4KwAidqFtdS12JmjW8VqpUBdCMfspWjy90w3mbiNl1hsdH8c-p_gi0p6RM9NNyCr13fzWD9pOWvMBpyjK70Oz0XOvAXp8OvV2pJ9SIYUycSpQOSQ5O61SIm9RnUFY0ZTuQbMrKcI1IloRVxkiDaRC1km2lBQrBeYYGCiH3odvm9-_0npK3FeePHwF8d9U:1xWirh:xuYk8EaDh4xdXQS9RZkLActNlBbK8RvHD6WIBf-8GjE', '2026-12-10 23:26:57.877800');
INSERT INTO "django_session" ("session_key", "session_data", "expire_date") VALUES ('elbiwxbhjn6rj5cvli0fge1vry7ukgs4', '.eJyFkMFuhCAQht-FszEIC4Kntq_RbMwAYyRVMYLpbjb77gXrZdNDTzP555_vz8yDgLVhX1IPexpxSd5C8mHpZ0xjcJF0nw_y25OOrBDjd9gcqQgk0jWtFi0XkvH6ojlXXFYEZ_BTtoKDN7zBvE5Y2zCT57X6J6rfI255k2X6YTmE3ru_mgH7hUsZwDQVuT7R9eE5x7F-fwn6OLdeUCPEMXOMFdo47YzV3HAmhJKDAoGoBjQXp0EMyGwp3ErRNmio1BQs8EE12VygEWMs9-Bt9ds9v4dRLSl9_gBAyHjx:1xWirn:gd_hGCxqjokaaSro-nDyOc_Z1y2NTfMGWxb7MfxTARg', '2026-12-10 23:27:03.523806');
INSERT INTO "django_session" ("session_key", "session_data", "expire_date") VALUES ('q3rl4f724ajn363fdxelnog4x83n72u6', '.eJyFkM1qwzAQhN9FZyMsWdaPT21fowSzkjZYVP7BkmlCyLvXcn0JPfS2zM58w-6DgHPzNuUetjzglIODHOapHzEPs0-k-3yQ35l0ZIGUvufVk4pAJh1TplVNK7mhrdS1ERXBEULcnTiG-IY3GJeI1M0jeV6qf6r6LeG6R8VOPyyH0Af_V7PgvnAqC4ixyPRE08NzrhN9fyn6OFMvqAHSUDicq1YzrrFhXgmN3CoE5Mi15YJ5a6UXRnrjTeuZlUIazcW1watUjXSmQBOmVO7B2xLW-_4eXhtZ188fOBJ3-w:1xWirt:A_4oo0lhSGuNLT9R5geq40nHPUlUIVpa2-kNE3sQukQ', '2026-12-10 23:27:09.653108');
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
CREATE INDEX "assistants_outcome_assistant_id_f5eaf1a8" ON "assistants_outcome" ("assistant_id");
CREATE INDEX "assistants_outcome_revision_id_7875780b" ON "assistants_outcome" ("revision_id");
CREATE INDEX "assistants_assistant_live_id_d71938c6" ON "assistants_assistant" ("live_id");
CREATE INDEX "assistants_assistant_slot_id_3c8f5eb2" ON "assistants_assistant" ("slot_id");
CREATE INDEX "assistants_connection_workspace_id_af68b359" ON "assistants_connection" ("workspace_id");
CREATE UNIQUE INDEX "one_default_connection" ON "assistants_connection" ("workspace_id") WHERE "is_default";
CREATE INDEX "assistants_revision_trace_id_2743b8a3" ON "assistants_revision" ("trace_id");
CREATE INDEX "assistants_revision_assistant_id_f7b48d1f" ON "assistants_revision" ("assistant_id");
CREATE INDEX "assistants_revision_author_id_8449262c" ON "assistants_revision" ("author_id");
CREATE INDEX "assistants_revision_drafter_id_7d0f3c72" ON "assistants_revision" ("drafter_id");
CREATE INDEX "assistants_revision_workspace_id_49550383" ON "assistants_revision" ("workspace_id");
CREATE INDEX "assistants_revision_base_id_8f398604" ON "assistants_revision" ("base_id");
CREATE INDEX "revision_by_workspace" ON "assistants_revision" ("workspace_id", "id" DESC);
CREATE INDEX "revision_by_day" ON "assistants_revision" ("workspace_id", "created_at" DESC);
CREATE UNIQUE INDEX "outcome_version" ON "assistants_outcome" ("assistant_id", "version") WHERE "version" IS NOT NULL;
CREATE INDEX "assistant_by_change" ON "assistants_assistant" ("workspace_id", "changed_at" DESC, "id" DESC);
CREATE INDEX "assistant_by_name" ON "assistants_assistant" ("workspace_id", "name", "id");
CREATE INDEX "assistant_by_model" ON "assistants_assistant" ("workspace_id", "model");
CREATE UNIQUE INDEX "assistant_remote_id" ON "assistants_assistant" ("connection_id", "remote_id") WHERE "remote_id" IS NOT NULL;
CREATE TRIGGER assistants_revision_no_update BEFORE UPDATE ON assistants_revision BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_revision_no_delete BEFORE DELETE ON assistants_revision BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_outcome_no_update BEFORE UPDATE ON assistants_outcome BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_outcome_no_delete BEFORE DELETE ON assistants_outcome BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_text_no_update BEFORE UPDATE ON assistants_text BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_text_no_delete BEFORE DELETE ON assistants_text BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE INDEX "assistants_draft_assistant_id_9e2c94eb" ON "assistants_draft" ("assistant_id");
CREATE INDEX "assistants_draft_user_id_5b89f577" ON "assistants_draft" ("user_id");
CREATE INDEX "assistants_draft_base_id_2b785cf1" ON "assistants_draft" ("base_id");
CREATE INDEX "draft_by_person" ON "assistants_draft" ("user_id", "updated_at" DESC);
CREATE UNIQUE INDEX "one_running_job" ON "assistants_job" ("connection_id") WHERE "status" = 'running';
CREATE INDEX "assistants_job_connection_id_339170c4" ON "assistants_job" ("connection_id");
CREATE INDEX "assistants_job_started_by_id_700140b9" ON "assistants_job" ("started_by_id");
CREATE INDEX "assistants_job_workspace_id_176a758c" ON "assistants_job" ("workspace_id");
CREATE INDEX "assistants_acceptance_user_id_0308a24c" ON "assistants_acceptance" ("user_id");
CREATE INDEX "assistants_presence_assistant_id_9cebccf7" ON "assistants_presence" ("assistant_id");
CREATE INDEX "assistants_presence_user_id_08228e74" ON "assistants_presence" ("user_id");
CREATE INDEX "presence_here" ON "assistants_presence" ("assistant_id", "seen_at");
CREATE INDEX "assistants_showndraft_assistant_id_8f167238" ON "assistants_showndraft" ("assistant_id");
CREATE INDEX "assistants_showndraft_user_id_0a373a8f" ON "assistants_showndraft" ("user_id");
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");
CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id");
CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id");
CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id");
CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename");
CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id");
CREATE INDEX "stored_assistant_by_creation" ON "registry_storedassistant" ("workspace_id", "created_at", "id") WHERE NOT "deleted";
CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");
CREATE TRIGGER assistants_acceptance_no_update BEFORE UPDATE ON assistants_acceptance BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER assistants_acceptance_no_delete BEFORE DELETE ON assistants_acceptance BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
UPDATE sqlite_sequence SET seq = 29 WHERE name = 'django_migrations';
UPDATE sqlite_sequence SET seq = 6 WHERE name = 'account_emailaddress';
UPDATE sqlite_sequence SET seq = 3 WHERE name = 'assistants_connection';
UPDATE sqlite_sequence SET seq = 12 WHERE name = 'assistants_revision';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'assistants_draft';
UPDATE sqlite_sequence SET seq = 1 WHERE name = 'assistants_job';
UPDATE sqlite_sequence SET seq = 24 WHERE name = 'django_content_type';
UPDATE sqlite_sequence SET seq = 96 WHERE name = 'auth_permission';
UPDATE sqlite_sequence SET seq = 0 WHERE name = 'auth_group';
UPDATE sqlite_sequence SET seq = 6 WHERE name = 'registry_write';
UPDATE sqlite_sequence SET seq = 2 WHERE name = 'accounts_workspace';
UPDATE sqlite_sequence SET seq = 6 WHERE name = 'accounts_user';
UPDATE sqlite_sequence SET seq = 5 WHERE name = 'accounts_member';
UPDATE sqlite_sequence SET seq = 1 WHERE name = 'accounts_apikey';
UPDATE sqlite_sequence SET seq = 6 WHERE name = 'assistants_assistant';
UPDATE sqlite_sequence SET seq = 3 WHERE name = 'registry_storedassistant';
UPDATE sqlite_sequence SET seq = 12 WHERE name = 'assistants_outcome';
UPDATE sqlite_sequence SET seq = 2 WHERE name = 'accounts_stash';
UPDATE sqlite_sequence SET seq = 1 WHERE name = 'assistants_acceptance';
UPDATE sqlite_sequence SET seq = 2 WHERE name = 'assistants_showndraft';
UPDATE sqlite_sequence SET seq = 1 WHERE name = 'assistants_presence';
