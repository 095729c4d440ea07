package dev.resound.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemTest {

    @Test
    void a_problem_holds_the_status_its_title_and_a_detail() {
        assertThat(Problem.of(414, "too long").body().getMap())
                .containsEntry("status", 414)
                .containsEntry("title", "Request-URI Too Long")
                .containsEntry("detail", "too long")
                .hasSize(3);
    }

    @Test
    void a_member_is_added_to_a_copy() {
        Problem plain = Problem.of(403, "no");
        assertThat(plain.with("rule", "origin").body().getString("rule")).isEqualTo("origin");
        assertThat(plain.body().containsKey("rule")).isFalse();
    }
}
