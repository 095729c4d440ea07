package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueryTest {

    @Test
    void its_selectors_are_names_with_matchers_without_ranges_functions_and_operators() {
        var query = new Query("""
                sum by (a, b) (rate(x_total{job="j",c=~"d|e"}[5m])) / ignoring (c) group_left () level:y:rate5m > 0.2
                  and on (a) max(up) unless absent(z{f!=""} offset 1h)""");
        assertThat(query.selectors())
                .containsExactly("x_total{job=\"j\",c=~\"d|e\"}", "level:y:rate5m", "up", "z{f!=\"\"}");
    }

    @Test
    void what_it_excludes_and_each_of_its_choices_is_demanded_too() {
        assertThat(new Query("x{a!=\"b\",c=~\"d|e\"} / y{f!~\"g|h\"}").demands())
                .containsExactly("x{a=\"b\",c=\"d\"}", "x{a=\"b\",c=\"e\"}", "y{f=\"g\"}", "y{f=\"h\"}");
        assertThat(new Query("x{a=~\".*\"}").demands()).containsExactly("x{a=~\".*\"}");
    }

    @Test
    void its_labels_are_what_it_groups_joins_and_selects_by() {
        assertThat(new Query("sum by (a, b) (x{d=\"1\",e!~\"2\"}) * on(c) y").labels())
                .containsExactly("a", "b", "c", "d", "e");
        assertThat(new Query("sum(x)").labels()).isEmpty();
    }
}
