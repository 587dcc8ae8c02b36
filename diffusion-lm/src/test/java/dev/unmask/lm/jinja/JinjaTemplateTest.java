package dev.unmask.lm.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected texts are those of Jinja 3 with Hugging Face's settings. */
class JinjaTemplateTest {

  record Example(String template, String text) {}

  static List<Example> examples() {
    return List.of(
        new Example("{{ 'a' + ' b ' | trim + 'c' }}", "abc"),
        new Example("{{ 1 + 2 * 3 }}{{ '<' ~ 1 * 2 ~ '>' }}", "7<2>"),
        new Example(
            "{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ 7 / 2 }} {{ 2 ** 3 }}", "3 -4 1 3.5 8"),
        new Example("{{ not false and none is none }}", "True"),
        new Example("{{ '' or 'x' }}{{ 'y' and 'z' }}", "xz"),
        new Example("{{ 1 < 2 < 3 }} {{ 'b' in 'abc' }} {{ 'd' not in ['a'] }}", "True True True"),
        new Example("{{ [1, 2, 3][::-1] }} {{ 'abcd'[1:3] }} {{ [1, 2][-1] }}", "[3, 2, 1] bc 2"),
        new Example(
            "{{ {'a': [none, true, 1.5, \"it's\"]} }}", "{'a': [None, True, 1.5, \"it's\"]}"),
        new Example(
            "{{ {'a': ['é', none], 'b': 1} | tojson }}", "{\"a\": [\"é\", null], \"b\": 1}"),
        new Example("{{ [1] | tojson(indent=2) }}", "[\n  1\n]"),
        new Example("{{ missing }}{{ missing is defined }}{{ missing | default('d') }}", "Falsed"),
        new Example("{{ 'x' if false }}|{{ 'x' if 1 else 'y' }}", "|x"),
        new Example("{{ '<think>a</think>b'.split('</think>')[-1].lstrip('\\n') }}", "b"),
        new Example("{{ 'a,b'.split(',') | join('-') }} {{ 'ab'.startswith('a') }}", "a-b True"),
        new Example(
            "{% for x in [1, 2, 3] if x != 2 %}{{ loop.index }}{{ x }}{% endfor %}", "1123"),
        new Example("{% for x in [] %}a{% else %}none{% endfor %}", "none"),
        new Example("{% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}", "a1"),
        new Example(
            "{% set n = namespace(i=0) %}{% for x in range(4) %}{% set n.i = n.i + x %}{% endfor %}"
                + "{{ n.i }}",
            "6"),
        new Example("{% set a = 1 %}{% for x in [1] %}{% set a = 2 %}{% endfor %}{{ a }}", "1"),
        new Example(
            "{% for x in range(9) %}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% endfor %}",
            "01"),
        new Example(
            "{% macro m(a, b='!') %}{{ a }}{{ b }}{% endmacro %}{{ m('x') }}{{ m(a='y', b='?') }}",
            "x!y?"),
        new Example("{% set a %}x{{ 1 }}{% endset %}{{ a }}", "x1"),
        new Example("a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a\n  b\nc"),
        new Example("a \n {%- if true -%} \n b {%- endif %}  c", "ab  c"),
        new Example("{{ 'a' }}\n{{- 'b' }} {# c #}\nd", "ab d"),
        new Example("{{ '%}' }}{{ {'a': {'b': 1}}.a.b }}", "%}1"),
        new Example("{{ messages | selectattr('role', 'equalto', 'user') | list | length }}", "1"),
        new Example("{{ messages | map(attribute='role') | join(',') }}", "system,user"),
        new Example(
            "{{ messages[0]['role'] == 'system' and messages[0].content is string }}", "True"),
        new Example("{{ messages[1:] | length }}{{ messages | last | length }}", "12"),
        new Example("{% generation %}x{% endgeneration %}", "x"),
        new Example("{{ ' a ' | trim | upper ~ 3 is odd }}", "ATrue"),
        new Example(
            "{{ (1, 2) | length }} {{ 'a' is in ['a'] }} {{ [3, 1] | sort | first }}", "2 True 1"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void writesWhatJinjaWrites(Example example) {
    assertThat(render(example.template())).isEqualTo(example.text());
  }

  private static String render(String template) {
    return JinjaTemplate.parse(template)
        .render(
            Map.of(
                "messages",
                List.of(
                    Map.of("role", "system", "content", "s"),
                    Map.of("role", "user", "content", "u"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.getClass() }}",
        "{{ messages.getClass().forName('java.lang.Runtime') }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ messages.append(1) }}",
        "{{ range.__globals__ }}{{ range() }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{{ x | attr('y') }}",
        "{{ raise_exception('no') }}",
        "{{ 'a' * 100000000 }}",
        "{{ range(1000000000) | length }}",
        "{{ ('a' * 8000000) | replace('a', 'bbbbbbbbb') }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% for a in range(9999) %}{{ 'aaaaaaaaaa' * 1000 }}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set n = namespace() %}{% set n.n = [n] %}{{ n.n }}",
        "{{ 'a",
        "{% if %}",
        "{% for %}{% endfor %}",
        "{% endif %}",
        "{{ 1 / }}",
        "{# no end",
        "{{ 1 // 0 }}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ none.x.y }}"
      })
  void refusesWhatATemplateMayNotDo(String template) {
    assertThatThrownBy(() -> render(template)).isInstanceOf(JinjaException.class);
  }

  @Test
  void refusesNestingThatWouldExhaustTheStack() {
    for (String deep :
        List.of(
            "{{ " + "(".repeat(100_000),
            "{{ " + "-".repeat(100_000) + "1 }}",
            "{{ " + "not ".repeat(50_000) + "1 }}",
            "{{ 1" + " + 1".repeat(50_000) + " }}",
            "{{ x" + ".x".repeat(100_000) + " }}",
            "{% if 1 %}".repeat(20_000))) {
      assertThatThrownBy(() -> render(deep)).isInstanceOf(JinjaException.class);
    }
  }

  @Test
  void writesATemplateWithThinkingTurnsAsQwen3DoesIt() {
    List<String> parts = new ArrayList<>();
    parts.add(
        "{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}\n");
    parts.add("{%- for message in messages[::-1] %}\n");
    parts.add("    {%- set index = (messages|length - 1) - loop.index0 %}\n");
    parts.add(
        "    {%- if ns.multi_step_tool and message.role == \"user\" and message.content is string"
            + " and not(message.content.startswith('<tool_response>')"
            + " and message.content.endswith('</tool_response>')) %}\n");
    parts.add("        {%- set ns.multi_step_tool = false %}\n");
    parts.add("        {%- set ns.last_query_index = index %}\n");
    parts.add("    {%- endif %}\n{%- endfor %}\n");
    parts.add(
        "{{- ns.last_query_index }}{%- if enable_thinking is defined and enable_thinking is false"
            + " %}no{%- endif %}\n{{- '<|im_start|>assistant\\n' }}\n");

    assertThat(render(String.join("", parts))).isEqualTo("1<|im_start|>assistant\n");
  }
}
