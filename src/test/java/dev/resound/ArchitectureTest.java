package dev.resound;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package may depend on which. Dependencies run one way. */
class ArchitectureTest {

    private static final String ROOT = "dev.resound";

    /** The packages that each package may depend on, beside itself. The root package may depend on all of them. */
    private static final Map<String, Set<String>> DEPENDENCIES = Map.ofEntries(
            Map.entry("image", Set.of()),
            Map.entry("setting", Set.of()),
            Map.entry("ip", Set.of()),
            Map.entry("io", Set.of()),
            Map.entry("logging", Set.of()),
            Map.entry("lifecycle", Set.of("setting")),
            Map.entry("transport", Set.of("lifecycle")),
            Map.entry("tls", Set.of("setting", "io")),
            Map.entry("websocket", Set.of("setting", "ip")),
            Map.entry("telemetry", Set.of("websocket")),
            Map.entry("feed", Set.of("setting", "websocket", "telemetry")),
            Map.entry("fleet", Set.of("setting", "websocket", "telemetry", "feed")),
            Map.entry("http.netty", Set.of("ip", "websocket")),
            Map.entry(
                    "http", Set.of("setting", "lifecycle", "transport", "tls", "websocket", "telemetry", "http.netty")),
            Map.entry("page", Set.of("http")),
            Map.entry("management", Set.of("setting", "lifecycle", "transport", "http", "http.netty")),
            Map.entry(
                    "config",
                    Set.of(
                            "setting",
                            "io",
                            "lifecycle",
                            "logging",
                            "transport",
                            "tls",
                            "websocket",
                            "feed",
                            "fleet",
                            "http",
                            "management")));

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void a_package_depends_only_on_the_packages_listed_for_it() {
        DEPENDENCIES.forEach((name, allowed) -> {
            String[] known = Stream.concat(Stream.of(name), allowed.stream())
                    .map(ArchitectureTest::pattern)
                    .toArray(String[]::new);
            check(noClasses()
                    .that()
                    .resideInAPackage(pattern(name))
                    .should()
                    .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(known)))));
        });
    }

    /** WebSocket has subpackages that belong together; every other package stands for itself. */
    private static String pattern(String name) {
        return ROOT + "." + name + (name.equals("websocket") ? ".." : "");
    }

    @Test
    void every_package_is_listed() {
        check(classes()
                .should()
                .resideInAnyPackage(Stream.concat(
                                Stream.of(ROOT), DEPENDENCIES.keySet().stream().map(ArchitectureTest::pattern))
                        .toArray(String[]::new)));
    }

    @Test
    void no_two_packages_depend_on_each_other() {
        check(slices().matching("dev.resound.(*)..").should().beFreeOfCycles());
        check(slices().matching("dev.resound.websocket.(*)..").should().beFreeOfCycles());
    }

    /** A new version of Vert.x or Netty may change them without notice, so few classes may use them. */
    @Test
    void internals_of_vertx_and_netty_are_used_only_by_the_packages_that_adapt_them() {
        String[] adapters = {"dev.resound.transport", "dev.resound.http.netty", "dev.resound.websocket.netty"};
        var others = noClasses().that(not(resideInAnyPackage(adapters)));
        check(others.should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx.core.impl..",
                        "io.vertx.core.internal..",
                        "io.vertx.core.net.impl..",
                        "io.vertx.core.http.impl..",
                        "io.vertx.core.spi.."));
        check(others.should().callMethod(Channel.class, "unsafe"));
    }

    @Test
    void only_one_class_knows_the_base_class_of_vertx_connections() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.resound.websocket.netty.VertxConnections")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.vertx.core.net.impl.ConnectionBase"));
    }

    @Test
    void the_connection_core_knows_buffers_and_neither_sockets_nor_timers() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.resound.websocket.protocol")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.vertx..", "io.netty..", "java.net..", "java.nio.channels..")
                        .and(not(resideInAPackage("io.netty.buffer")))
                        .and(not(type(io.netty.util.ReferenceCounted.class)))));
    }

    @Test
    void the_handshake_and_the_protocol_do_not_depend_on_the_endpoint() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.resound.websocket.handshake", "dev.resound.websocket.protocol")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.resound.websocket"));
        check(noClasses()
                .that()
                .resideInAPackage("dev.resound.websocket.protocol")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.resound.websocket.handshake"));
    }

    @Test
    void only_logging_depends_on_the_logging_backend() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.resound.logging")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ch.qos.logback.."));
    }

    @Test
    void only_config_reads_the_environment_and_yaml() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.resound.config")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.config..", "org.yaml.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.resound.config", ROOT)
                .should()
                .callMethod(System.class, "getenv"));
    }

    @Test
    void only_telemetry_depends_on_the_metrics_library() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.resound.telemetry")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.prometheus.."));
    }

    @Test
    void one_class_of_the_fleet_view_depends_on_the_client_of_redis() {
        check(noClasses()
                .that()
                .haveNameNotMatching("dev\\.resound\\.fleet\\.RedisClient(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.redis.."));
    }

    /** The image builder is not in the jar. */
    @Test
    void the_service_does_not_depend_on_the_image_builder() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.resound.image")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.resound.image"));
    }

    @Test
    void only_main_and_out_of_memory_end_the_process() {
        check(noClasses().should().callMethod(System.class, "exit", int.class));
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.resound.Main")
                .and()
                .doNotHaveFullyQualifiedName("dev.resound.OutOfMemory")
                .should()
                .callMethod(Runtime.class, "halt", int.class));
    }

    private static void check(ArchRule rule) {
        rule.check(CODE);
    }
}
