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
    void its_labels_are_what_it_groups_and_joins_by() {
        assertThat(new Query("sum by (a, b) (x) * on(c) y").labels()).containsExactly("a", "b", "c");
        assertThat(new Query("sum(x)").labels()).isEmpty();
    }
}
