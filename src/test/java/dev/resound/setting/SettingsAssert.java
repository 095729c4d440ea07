package dev.resound.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.resound.setting.InvalidSettings.Violation;
import java.util.List;
import java.util.function.Supplier;

/** How a test says which rules a settings record breaks. */
public final class SettingsAssert {

    private SettingsAssert() {}

    /** The record cannot be made, and the report names exactly these components. */
    public static void assertRefuses(Supplier<? extends Record> settings, String... components) {
        var invalid = catchThrowableOfType(InvalidSettings.class, settings::get);
        List<Violation> violations = invalid == null ? List.of() : invalid.violations();
        assertThat(violations).extracting(Violation::component).containsExactly(components);
    }
}
