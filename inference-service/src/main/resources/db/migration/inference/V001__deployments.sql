-- Deployments of registered model versions, with the manifest they were resolved to.
create table deployment (
  id          varchar(36)  primary key,
  team_id     varchar(64)  not null,
  name        varchar(128) not null,
  model       varchar(600) not null,
  model_name  varchar(256) not null,
  version     integer      not null check (version > 0),
  digest      varchar(71)  not null,
  decoding    varchar(4000) not null,
  precision   varchar(8)   not null,
  status      varchar(16)  not null check (status in ('LOADING', 'READY', 'FAILED')),
  detail      varchar(2000),
  created_at  timestamp with time zone not null,
  constraint deployment_name_is_unique_in_team unique (team_id, name)
);

create table deployment_file (
  deployment_id varchar(36)   not null references deployment (id) on delete cascade,
  path          varchar(1024) not null,
  size_bytes    bigint        not null check (size_bytes >= 0),
  sha256        varchar(64)   not null,
  primary key (deployment_id, path)
);
