package dev.resound.websocket.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPlanTest {

    /** Reads a query whose names and values need no decoding. */
    private static FaultPlan read(boolean enabled, String query) {
        var reader = new FaultPlan.Reader(enabled);
        Stream.of(query.split("&")).forEach(parameter -> {
            String[] parts = parameter.split("=", 2);
            reader.read(parts[0], parts.length == 1 ? "" : parts[1]);
        });
        return reader.plan();
    }

    @ParameterizedTest
    @CsvSource({
        "delay=1ms,           DELAY,      1,        0",
        "delay=1m,            DELAY,      60000,    0",
        "jitter=60s,          JITTER,     60000,    0",
        "close=1000@0s,       CLOSE,      0,        1000",
        "close=4999@24h,      CLOSE,      86400000, 4999",
        "abort=rst@5s,        ABORT,      5000,     0",
        "half-close@5s,       HALF_CLOSE, 5000,     0",
        "half-close=5s,       HALF_CLOSE, 5000,     0",
        "refuse=400,          REFUSE,     0,        400",
        "refuse=599,          REFUSE,     0,        599",
        "stall=read@250ms,    STALL,      250,      0",
        "no-pong,             NO_PONG,    0,        0",
        "no-pong=,            NO_PONG,    0,        0",
        "drop=1,              DROP,       0,        1",
        "drop=100,            DROP,       0,        100",
        "max-age=1ms,         MAX_AGE,    1,        0",
        "max-age=1d,          MAX_AGE,    86400000, 0",
    })
    void a_fault_is_read_up_to_its_bounds(String query, Fault fault, long millis, int number) {
        FaultPlan plan = read(true, query);
        assertThat(plan.faults()).containsExactly(fault);
        assertThat(plan.nanos(fault)).isEqualTo(Duration.ofMillis(millis).toNanos());
        assertThat(plan.number(fault)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delay",
                "delay=0s",
                "delay=61s",
                "delay=-1s",
                "delay=10",
                "jitter=2m",
                "jitter=PT999999999999999999H",
                "close=1000",
                "close=1000@",
                "close=999@1s",
                "close=1005@1s",
                "close=1006@1s",
                "close=1015@1s",
                "close=5000@1s",
                "close=1000@25h",
                "close=@1s",
                "abort=fin@1s",
                "abort=rst",
                "abort=rst@25h",
                "half-close",
                "half-close@",
                "half-close@25h",
                "half-close=@1s",
                "refuse=399",
                "refuse=600",
                "refuse=200",
                "refuse=00503",
                "stall=write@1s",
                "stall=read",
                "no-pong=true",
                "drop=0",
                "drop=101",
                "drop=1%",
                "drop=-1",
                "max-age=0s",
                "max-age=25h",
                "max-age=",
            })
    void a_value_beyond_its_bounds_is_refused_with_the_bounds(String query) {
        assertThatExceptionOfType(InvalidParameter.class)
                .isThrownBy(() -> read(true, query))
                .satisfies(invalid -> {
                    Fault fault = Fault.named(invalid.parameter()).orElseThrow();
                    assertThat(invalid.rule()).isEqualTo("must be " + fault.form());
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delay=1s&delay=1s",
                "half-close@1s&half-close@2s",
                "half-close@1s&half-close=1s",
                "no-pong&no-pong"
            })
    void a_fault_that_occurs_twice_is_refused(String query) {
        assertThatExceptionOfType(InvalidParameter.class)
                .isThrownBy(() -> read(true, query))
                .withMessage("must occur only once");
    }

    @Test
    void several_faults_can_be_combined() {
        assertThat(read(true, "token=x&delay=1s&jitter=1s&no-pong&max-age=1h").faults())
                .containsExactlyInAnyOrder(Fault.DELAY, Fault.JITTER, Fault.NO_PONG, Fault.MAX_AGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delay=1s", "no-pong", "half-close@1s", "drop=banana"})
    void while_faults_are_disabled_every_fault_is_refused_whatever_its_value(String query) {
        assertThatExceptionOfType(InvalidParameter.class)
                .isThrownBy(() -> read(false, query))
                .withMessage("faults need faults.enabled: true");
    }

    @ParameterizedTest
    @CsvSource({
        "dealy=1s,     delay",
        "Delay=1s,     delay",
        "jiter=1s,     jitter",
        "no_pong,      no-pong",
        "nopong,       no-pong",
        "maxAge=1s,    max-age",
        "halfclose=1s, half-close",
        "drops=1,      drop",
    })
    void a_misspelled_fault_is_refused_while_faults_are_enabled_and_ignored_otherwise(String query, String meant) {
        assertThatExceptionOfType(InvalidParameter.class)
                .isThrownBy(() -> read(true, query))
                .satisfies(invalid -> assertThat(invalid.rule()).startsWith("is not a fault; did you mean " + meant));
        assertThat(read(false, query).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "token=secret",
                "explain",
                "origin=a",
                "protocol=a",
                "attempt=a",
                "keep-alive=off",
                "v=1",
                "EIO=4",
                "transport=websocket",
                "sid=1",
                "access_token=x"
            })
    void other_parameters_are_ignored(String query) {
        assertThat(read(true, query)).isSameAs(FaultPlan.NONE);
    }
}
