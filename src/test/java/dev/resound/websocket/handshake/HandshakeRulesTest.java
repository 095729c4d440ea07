package dev.resound.websocket.handshake;

import static dev.resound.websocket.handshake.HandshakeFixtures.READY;
import static dev.resound.websocket.handshake.HandshakeFixtures.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeRulesTest {

    private static MultiMap good() {
        return HandshakeFixtures.validHeaders();
    }

    private static Optional<Refusal> check(MultiMap headers) {
        return check(HttpMethod.GET, "/ws", HttpVersion.HTTP_1_1, headers);
    }

    private static Optional<Refusal> check(HttpMethod method, String target, HttpVersion version, MultiMap headers) {
        return HandshakeRules.check(HandshakeFixtures.request(method, target, version, headers), READY);
    }

    private static HandshakeRequest allowing(String origin, MultiMap headers) {
        return HandshakeFixtures.request(
                new HandshakeSettings(
                        List.of(origin), Map.of(), true, List.of(), 64, true, true, true, Optional.empty()),
                headers);
    }

    @Test
    void the_handshake_of_a_browser_breaks_no_rule() {
        assertThat(check(good())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // header,              value,                       outcome,       status
        "Host,                  '',                          NOT_WEBSOCKET, 400",
        "Upgrade,               '',                          NOT_WEBSOCKET, 400",
        "Upgrade,               h2c,                         NOT_WEBSOCKET, 400",
        "Upgrade,               websocketx,                  NOT_WEBSOCKET, 400",
        "Connection,            keep-alive,                  NOT_WEBSOCKET, 400",
        "Connection,            upgrades,                    NOT_WEBSOCKET, 400",
        "Content-Length,        1,                           NOT_WEBSOCKET, 400",
        "Transfer-Encoding,     chunked,                     NOT_WEBSOCKET, 400",
        "Sec-WebSocket-Version, 12,                          VERSION,       426",
        "Sec-WebSocket-Version, '',                          VERSION,       426",
        "Sec-WebSocket-Version, '13, 8',                     VERSION,       426",
        "Sec-WebSocket-Key,     '',                          KEY,           400",
        "Sec-WebSocket-Key,     AAAA,                        KEY,           400",
        "Sec-WebSocket-Key,     dGhlIHNhbXBsZSBub25j!Q==,    KEY,           400",
        "Sec-WebSocket-Key,     AAAAAAAAAAAAAAAAAAAAAA,      KEY,           400",
        "Sec-WebSocket-Key,     AAAAAAAAAAAAAAAAAAAAAAA=,    KEY,           400",
        "Sec-WebSocket-Key,     AAAAAAAAAAAAAAAAAAAA,        KEY,           400",
    })
    void a_broken_header_is_named(String header, String value, HandshakeOutcome outcome, int status) {
        Refusal refusal = check(good().set(header, value)).orElseThrow();
        assertThat(refusal.outcome()).isEqualTo(outcome);
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.header()).isEqualTo(header);
        assertThat(refusal.found()).contains(value);
        assertThat(refusal.detail()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({"Host", "Upgrade", "Connection", "Sec-WebSocket-Version", "Sec-WebSocket-Key"})
    void a_missing_header_is_named(String header) {
        Refusal refusal = check(good().remove(header)).orElseThrow();
        assertThat(refusal.header()).isEqualTo(header);
        assertThat(refusal.found()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Host", "Sec-WebSocket-Version", "Sec-WebSocket-Key"})
    void a_header_that_must_be_unique_must_not_occur_twice(String header) {
        MultiMap headers = good();
        assertThat(check(headers.add(header, headers.get(header))).orElseThrow().header())
                .isEqualTo(header);
    }

    @Test
    void any_other_method_gets_a_response_with_the_allowed_one() {
        for (String method : new String[] {"POST", "HEAD", "OPTIONS", "CONNECT", "get", "BREW"}) {
            Refusal refusal = check(HttpMethod.valueOf(method), "/ws", HttpVersion.HTTP_1_1, good())
                    .orElseThrow();
            assertThat(refusal.status()).isEqualTo(405);
            assertThat(refusal.answerHeaders()).containsEntry("Allow", "GET");
        }
    }

    @Test
    void only_http_1_1_can_be_upgraded() {
        assertThat(check(HttpMethod.GET, "/ws", HttpVersion.HTTP_1_0, good())).isPresent();
        assertThat(check(HttpMethod.GET, "/ws", HttpVersion.HTTP_2, good())).isPresent();
    }

    @Test
    void a_wrong_version_gets_a_response_with_the_supported_one() {
        Refusal refusal = check(good().set("Sec-WebSocket-Version", "7")).orElseThrow();
        assertThat(refusal.answerHeaders())
                .containsOnly(
                        Map.entry("Sec-WebSocket-Version", "13"),
                        Map.entry("Upgrade", "websocket"),
                        Map.entry("Connection", "Upgrade"));
    }

    @Test
    void the_target_must_be_a_uri() {
        assertThat(check(HttpMethod.GET, "/ws?a={b}", HttpVersion.HTTP_1_1, good()))
                .isPresent();
        assertThat(check(HttpMethod.GET, "/ws?a=%7Bb%7D", HttpVersion.HTTP_1_1, good()))
                .isEmpty();
    }

    @Test
    void an_origin_that_is_not_listed_is_refused_and_so_are_two_origins() {
        MultiMap headers = good().add("Origin", "https://a.com");
        HandshakeRequest request = allowing("https://a.com", headers);
        assertThat(HandshakeRules.check(request, READY)).isEmpty();

        headers.add("Origin", "https://a.com");
        assertThat(HandshakeRules.check(request, READY).orElseThrow().outcome()).isEqualTo(HandshakeOutcome.ORIGIN);

        headers.set("Origin", "https://b.com");
        assertThat(HandshakeRules.check(request, READY).orElseThrow().outcome()).isEqualTo(HandshakeOutcome.ORIGIN);
        assertThat(Refusal.ORIGIN.status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "true,  FULL,            draining,             the server is draining",
        "false, OVERLOADED,      memory,               memory is short",
        "false, FULL,            capacity,             too many connections are open",
        "false, FULL_FOR_CLIENT, capacity-per-address, too many connections are open from this address",
        "false, FULL_FOR_PROBES, probes,               too many connections without keep-alive are open",
    })
    void a_service_that_is_draining_or_full_says_which_limit_it_is_and_when_to_retry(
            boolean draining, Room room, String name, String detail) {
        Refusal refusal = HandshakeRules.check(get(good()), new ServiceState(() -> draining, () -> room))
                .orElseThrow();
        assertThat(refusal.outcome()).isEqualTo(draining ? HandshakeOutcome.DRAINING : HandshakeOutcome.CAPACITY);
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.detail()).isEqualTo(detail);
        assertThat(refusal.answerHeaders()).containsEntry("Retry-After", "5");
        assertThat(rule(name).refuse(get(good()))).isEqualTo(refusal);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // removed by a proxy,                    HTTP,     detail
                "Upgrade,                                 HTTP_1_1, Upgrade header missing though Sec-WebSocket-Key is present: a proxy on the way removed it (RFC 6455 4.2.1)",
                "Upgrade+Connection,                      HTTP_1_1, Upgrade header missing though Sec-WebSocket-Key is present: a proxy on the way removed it (RFC 6455 4.2.1)",
                "Upgrade+Sec-WebSocket-Key,               HTTP_1_1, Upgrade header missing though Sec-WebSocket-Version is present: a proxy on the way removed it (RFC 6455 4.2.1)",
                "Connection,                              HTTP_1_1, Connection header without Upgrade though Sec-WebSocket-Key is present: a proxy on the way replaced it (RFC 6455 4.2.1)",
                "Upgrade+Connection,                      HTTP_1_0, 'HTTP/1.0 though Sec-WebSocket-Key is present: a proxy on the way speaks HTTP/1.0, which has no Upgrade (RFC 6455 4.2.1)'",
                "Upgrade+Connection,                      HTTP_2,   a GET over HTTP/2 though Sec-WebSocket-Key is present: a proxy on the way forwarded the handshake over HTTP/2 without extended CONNECT (RFC 8441 4)",
                "Upgrade+Sec-WebSocket-Key+Sec-WebSocket-Version, HTTP_1_1, the Upgrade header must name websocket (RFC 6455 4.2.1)",
            })
    void a_handshake_that_a_proxy_changed_says_what_the_proxy_did(String removed, HttpVersion version, String detail) {
        MultiMap headers = good();
        Stream.of(removed.split("\\+")).forEach(headers::remove);
        assertThat(check(HttpMethod.GET, "/ws", version, headers).orElseThrow().detail())
                .isEqualTo(detail);
    }

    @Test
    void a_place_is_reserved_only_for_a_handshake_that_satisfies_every_other_rule() {
        var reserved = new AtomicInteger();
        Supplier<Room> room = () -> {
            reserved.incrementAndGet();
            return Room.AVAILABLE;
        };
        var ready = new ServiceState(() -> false, room);
        MultiMap listed = good().add("Origin", "https://a.com");

        HandshakeRules.check(allowing("https://a.com", good()), ready);
        HandshakeRules.check(allowing("https://a.com", listed), new ServiceState(() -> true, room));
        HandshakeRules.check(get(good().remove("Upgrade")), ready);
        assertThat(reserved).hasValue(0);

        HandshakeRules.check(allowing("https://a.com", listed), ready);
        assertThat(reserved).hasValue(1);
    }

    @Test
    void each_rule_has_a_unique_name_and_a_sentence() {
        assertThat(HandshakeRules.all()).extracting(HandshakeRule::name).doesNotHaveDuplicates();
        assertThat(HandshakeRules.all())
                .allSatisfy(rule -> assertThat(rule.sentence()).isNotBlank());
    }

    @Test
    void every_outcome_except_accepted_and_error_belongs_to_a_rule() {
        assertThat(HandshakeRules.all().stream()
                        .map(rule -> rule.refuse(get(good())).outcome()))
                .containsOnly(EnumSet.complementOf(EnumSet.of(HandshakeOutcome.ACCEPTED, HandshakeOutcome.ERROR))
                        .toArray(HandshakeOutcome[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "method,       GET",
                "http-version, HTTP/1.1",
                "target,       -",
                "host,         localhost",
                "upgrade,      websocket",
                "connection,   Upgrade",
                "body,         -",
                "version,      13",
                "protocols,    -",
                "extensions,   -",
                "key,          valid",
                "origin,       -",
                "parameters,   -",
                "draining,     -",
                "memory,       -",
                "capacity,     -",
                "capacity-per-address, -",
                "probes,       -",
            })
    void a_rule_reports_what_it_found(String name, String found) {
        assertThat(rule(name).refuse(get(good())).found()).isEqualTo(Optional.ofNullable(found));
    }

    @Test
    void only_the_invalid_character_of_a_target_is_shown() {
        assertThat(targetFinding("/ws?secret={1}")).contains("{ at 11");
        assertThat(targetFinding("http:")).contains("its end");
    }

    private static Optional<String> targetFinding(String target) {
        return rule("target")
                .refuse(HandshakeFixtures.request(HttpMethod.GET, target, HttpVersion.HTTP_1_1, good()))
                .found();
    }

    @Test
    void only_the_header_that_announces_the_body_is_named() {
        assertFound(good().add("Content-Length", "4"), "Content-Length", "4");
        assertFound(good().add("Transfer-Encoding", "chunked"), "Transfer-Encoding", "chunked");
        assertFound(
                good().add("Content-Length", "4").add("Transfer-Encoding", "chunked"), "Transfer-Encoding", "chunked");
        assertFound(good().add("Content-Length", "0").add("Content-Length", "4"), "Content-Length", "0, 4");
    }

    @ParameterizedTest
    @CsvSource({"'Connection', 'keep-alive'", "'Connection', ''", "'Upgrade', 'websocket/13'", "'Upgrade', ',,'"})
    void the_value_found_is_the_value_sent(String header, String value) {
        assertFound(good().set(header, value), header, value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade                  | , ,websocket ,h2c,",
                "Connection               | ,,keep-alive,, ,Upgrade",
                "Sec-WebSocket-Extensions | ,, permessage-deflate ,",
                "Sec-WebSocket-Protocol   | , chat,,superchat,\t",
                "Sec-WebSocket-Protocol   | ''",
                "Sec-WebSocket-Protocol   | ', ,'",
            })
    void empty_elements_of_a_list_are_ignored(String header, String value) {
        assertThat(check(good().set(header, value))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Protocol,   'a b'",
        "Sec-WebSocket-Protocol,   'a;b'",
        "Sec-WebSocket-Extensions, ''",
        "Sec-WebSocket-Extensions, ', ,'",
    })
    void a_malformed_list_is_refused(String header, String value) {
        Refusal refusal = check(good().set(header, value)).orElseThrow();
        assertThat(refusal.outcome()).isEqualTo(HandshakeOutcome.NOT_WEBSOCKET);
        assertThat(refusal.header()).isEqualTo(header);
    }

    @Test
    void a_token_sent_as_a_subprotocol_is_not_returned() {
        MultiMap headers = good().set("Sec-WebSocket-Protocol", "bearer, " + "s".repeat(60) + " x");
        assertThat(check(headers).orElseThrow().found().orElseThrow()).doesNotContain("s".repeat(33));
    }

    @Test
    void a_long_value_is_truncated() {
        assertFound(good().set("Upgrade", "x".repeat(100)), "Upgrade", "x".repeat(100));
        assertFound(good().set("Upgrade", "x".repeat(101)), "Upgrade", "x".repeat(100) + "...");
        assertFound(good().set("Upgrade", "x".repeat(8000)), "Upgrade", "x".repeat(100) + "...");
    }

    private static void assertFound(MultiMap headers, String header, String value) {
        Refusal refusal = check(headers).orElseThrow();
        assertThat(refusal.header()).isEqualTo(header);
        assertThat(refusal.found()).contains(value);
    }

    private static HandshakeRule rule(String name) {
        return HandshakeRules.all().stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
