package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.setting.ByteSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every combination of parameters that a client can offer, checked against RFC 7692 section 7.1. Two checks are
 * independent of the code: which offers are valid, and whether a client must accept the answer.
 */
class DeflateOffersTest {

    private static final String SERVER_BITS = "server_max_window_bits";
    private static final String CLIENT_BITS = "client_max_window_bits";
    private static final String SERVER_NO_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_TAKEOVER = "client_no_context_takeover";

    /** A form of a parameter in an offer, and whether it is valid. */
    private record Form(String text, boolean valid) {}

    private static List<Form> formsOfBits(String name) {
        List<Form> forms = new ArrayList<>();
        forms.add(new Form("", true)); // Not offered.
        forms.add(new Form(name, !name.equals(SERVER_BITS)));
        for (int bits = 7; bits <= 16; bits++) {
            forms.add(new Form(name + "=" + bits, bits >= 8 && bits <= 15));
        }
        forms.add(new Form(name + "=\"15\"", true));
        forms.add(new Form(name + "=\"1\\0\"", true));
        for (String value : List.of("09", "015", "0", "-9", "9.0", "x", "115")) {
            forms.add(new Form(name + "=" + value, false));
        }
        forms.add(new Form(name + "=9; " + name + "=9", false));
        return forms;
    }

    private static List<Form> formsOfFlag(String name) {
        return List.of(
                new Form("", true),
                new Form(name, true),
                new Form(name + "=1", false),
                new Form(name + "=\"15\"", false),
                new Form(name + "; " + name, false));
    }

    private static Stream<DeflateSettings> settings() {
        return Stream.of(true, false)
                .flatMap(takeover ->
                        Stream.of(9, 12, 15).map(bits -> new DeflateSettings(takeover, bits, ByteSize.ofMiB(1))));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void every_combination_is_declined_or_gets_an_answer_that_a_client_must_accept(DeflateSettings settings) {
        int accepted = 0;
        for (Form serverBits : formsOfBits(SERVER_BITS)) {
            for (Form clientBits : formsOfBits(CLIENT_BITS)) {
                for (Form serverTakeover : formsOfFlag(SERVER_NO_TAKEOVER)) {
                    for (Form clientTakeover : formsOfFlag(CLIENT_NO_TAKEOVER)) {
                        accepted += check(settings, List.of(clientTakeover, serverBits, clientBits, serverTakeover))
                                ? 1
                                : 0;
                    }
                }
            }
        }
        // Absent, 8 to 15 and two quoted values; the same and the name alone; with and without each flag.
        assertThat(accepted).isEqualTo(11 * 12 * 2 * 2);
    }

    private static boolean check(DeflateSettings settings, List<Form> forms) {
        List<String> offered =
                forms.stream().map(Form::text).filter(text -> !text.isEmpty()).toList();
        boolean valid = forms.stream().allMatch(Form::valid);
        String header = String.join(
                "; ",
                Stream.concat(Stream.of("permessage-deflate"), offered.stream()).toList());
        Optional<String> answer = answer(header, settings);
        assertThat(answer.isPresent()).as(header).isEqualTo(valid);
        answer.ifPresent(accepted -> assertClientAccepts(header, accepted, settings));
        // An invalid offer, or one of another extension, is skipped.
        assertThat(answer("permessage-deflate; unknown, x-other," + header, settings))
                .as(header)
                .isEqualTo(answer);
        if (!valid) {
            assertThat(answer(header + ", permessage-deflate; " + SERVER_NO_TAKEOVER, settings))
                    .as(header)
                    .isEqualTo(answer("permessage-deflate; " + SERVER_NO_TAKEOVER, settings));
        }
        return valid;
    }

    private static Optional<String> answer(String header, DeflateSettings settings) {
        return DeflateNegotiation.of(Extension.parse(List.of(header)).orElseThrow(), settings)
                .map(DeflateNegotiation::responseHeader);
    }

    private static void assertClientAccepts(String offer, String answer, DeflateSettings settings) {
        Map<String, String> offered = parameters(offer);
        Map<String, String> agreed = parameters(answer);
        String all = offer + " -> " + answer;
        // 7.1.1.1: the server accepts this parameter by including it. It may also add it.
        assertThat(agreed.containsKey(SERVER_NO_TAKEOVER))
                .as(all)
                .isEqualTo(offered.containsKey(SERVER_NO_TAKEOVER) || !settings.contextTakeover());
        // 7.1.1.2: a hint. The server may also add it.
        assertThat(agreed.containsKey(CLIENT_NO_TAKEOVER))
                .as(all)
                .isEqualTo(offered.containsKey(CLIENT_NO_TAKEOVER) || !settings.contextTakeover());
        // 7.1.2.1: the server accepts this parameter by including it with the same or a smaller value.
        String limit = offered.get(SERVER_BITS);
        int most = Math.min(limit == null ? 15 : Integer.parseInt(limit), settings.windowBits());
        assertThat(agreed.get(SERVER_BITS)).as(all).isEqualTo(limit == null && most == 15 ? null : "" + most);
        // 7.1.2.2: the answer may contain this parameter only if the offer does, and is never required to.
        assertThat(agreed).as(all).doesNotContainKey(CLIENT_BITS);
    }

    private static Map<String, String> parameters(String extension) {
        Map<String, String> parameters = new HashMap<>();
        for (String part : extension.split("; ", -1)) {
            String[] nameAndValue = part.split("=", -1);
            String value = nameAndValue.length == 1 ? "" : nameAndValue[1].replaceAll("[\"\\\\]", "");
            parameters.put(nameAndValue[0], value);
        }
        assertThat(parameters.remove("permessage-deflate")).isEmpty();
        return parameters;
    }
}
