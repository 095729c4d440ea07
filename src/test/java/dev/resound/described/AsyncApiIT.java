package dev.resound.described;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.lifecycle.BuildInfo;
import dev.resound.test.ForeignProgram;
import dev.resound.test.RunningResound;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The AsyncAPI document as the project's own parser reads it, off the running service and with what it refers to. */
@Timeout(120)
class AsyncApiIT {

    @Test
    void the_parser_of_the_specification_finds_no_error() throws Exception {
        ForeignProgram.require(
                "AsyncAPI's parser: npm install --prefix target @asyncapi/parser",
                "node",
                "-e",
                "require('@asyncapi/parser')");
        try (var resound = RunningResound.start("websocket.path", "/real/time")) {
            ForeignProgram.Result result = ForeignProgram.run(
                    "node",
                    ForeignProgram.script("asyncapi.js"),
                    resound.page().resolve("asyncapi.json").toString());
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(result.output().lines())
                    .containsExactlyInAnyOrder(
                            "version " + BuildInfo.current().version(),
                            "receive /real/time echo: text, binary",
                            "send /real/time sayWhoAnswers: hello",
                            "receive /real/time echoAfterHello: text, binary",
                            "send /real/time sayWhoAsks: whoami",
                            "receive /real/time echoAfterExplanation: text, binary",
                            "send /real/time beginTheFeed: hello",
                            "send /real/time feedSamples: sample",
                            "send /real/time feedEvents: opened, closed",
                            "send /real/time beginTheFleetFeed: hello",
                            "send /real/time fleetHistory: history",
                            "send /real/time fleetSamples: sample");
        }
    }
}
