package dev.resound;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Which room may know which: the arrows run one way. */
class ArchitectureTest {

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.resound");

    @Test
    void the_rooms_know_only_the_rooms_below_them() {
        check(layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("root")
                .definedBy("dev.resound")
                .layer("config")
                .definedBy("dev.resound.config")
                .layer("web")
                .definedBy("dev.resound.web")
                .layer("feed")
                .definedBy("dev.resound.feed")
                .layer("telemetry")
                .definedBy("dev.resound.telemetry")
                .layer("websocket")
                .definedBy("dev.resound.websocket..")
                .layer("management")
                .definedBy("dev.resound.management")
                .layer("http")
                .definedBy("dev.resound.http")
                .whereLayer("root")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers("root")
                .whereLayer("web")
                .mayOnlyBeAccessedByLayers("root", "config")
                .whereLayer("feed")
                .mayOnlyBeAccessedByLayers("root")
                .whereLayer("telemetry")
                .mayOnlyBeAccessedByLayers("root", "config", "web", "feed")
                .whereLayer("websocket")
                .mayOnlyBeAccessedByLayers("root", "config", "web", "feed", "telemetry")
                .whereLayer("management")
                .mayOnlyBeAccessedByLayers("root", "config")
                .whereLayer("http")
                .mayOnlyBeAccessedByLayers("web", "management"));
    }

    @Test
    void no_two_rooms_know_each_other() {
        check(slices().matching("dev.resound.(*)..").should().beFreeOfCycles());
        check(slices().matching("dev.resound.websocket.(*)..").should().beFreeOfCycles());
    }

    @Test
    void the_leaves_know_no_other_room() {
        for (String leaf : new String[] {"setting", "lifecycle", "logging", "transport", "tls", "ip"}) {
            check(noClasses()
                    .that()
                    .resideInAPackage("dev.resound." + leaf)
                    .should()
                    .dependOnClassesThat(resideInAPackage("dev.resound..")
                            .and(not(resideInAnyPackage(
                                    "dev.resound." + leaf, "dev.resound.setting", "dev.resound.lifecycle")))));
        }
    }

    @Test
    void http_knows_addresses_and_no_other_room() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.resound.http")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.resound..")
                        .and(not(resideInAnyPackage("dev.resound.http", "dev.resound.ip")))));
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
    void only_the_logging_room_knows_the_logging_backend() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.resound.logging")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ch.qos.logback.."));
    }

    @Test
    void only_the_configuration_room_knows_files_environment_and_yaml() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.resound.config")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.config.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.resound.config", "dev.resound")
                .should()
                .callMethod(System.class, "getenv"));
    }

    @Test
    void only_the_telemetry_room_knows_the_metrics_library() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.resound.telemetry")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.prometheus.."));
    }

    @Test
    void only_main_and_a_lack_of_memory_end_the_process() {
        check(noClasses().should().callMethod(System.class, "exit", int.class));
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.resound.Main")
                .and()
                .doNotHaveFullyQualifiedName("dev.resound.OutOfMemory")
                .should()
                .callMethod(Runtime.class, "halt", int.class));
    }

    @Test
    void every_room_says_what_it_is_for() {
        check(classes()
                .should()
                .resideInAnyPackage(
                        "dev.resound",
                        "dev.resound.config",
                        "dev.resound.web",
                        "dev.resound.feed",
                        "dev.resound.http",
                        "dev.resound.telemetry",
                        "dev.resound.websocket..",
                        "dev.resound.management",
                        "dev.resound.lifecycle",
                        "dev.resound.logging",
                        "dev.resound.setting",
                        "dev.resound.tls",
                        "dev.resound.transport",
                        "dev.resound.ip"));
    }

    private static void check(ArchRule rule) {
        rule.check(CODE);
    }
}
