-- Beside text: prompts and answers, or conversations.
alter table corpus add column kind text not null default 'text'
  check (kind in ('text', 'prompt-answer', 'messages'));
alter table corpus alter column kind drop default;
