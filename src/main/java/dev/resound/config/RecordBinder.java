package dev.resound.config;

import dev.resound.setting.InvalidSettings;
import dev.resound.setting.InvalidSettings.Violation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Builds a configuration from the values of its keys. It reports each broken rule and continues with the default, so that no problem hides
 * another.
 */
final class RecordBinder {

    private final Function<Key, Object> values;
    private final BiConsumer<String, Violation> report;

    private RecordBinder(Function<Key, Object> values, BiConsumer<String, Violation> report) {
        this.values = values;
        this.report = report;
    }

    /**
     * Builds the configuration.
     *
     * @param values the value of each key
     * @param report receives the path of each key that breaks a rule, and the rule
     */
    static Configuration bind(Function<Key, Object> values, BiConsumer<String, Violation> report) {
        return (Configuration) new RecordBinder(values, report).section("", Configuration.DEFAULT);
    }

    private Record section(String prefix, Record defaults) {
        RecordComponent[] components = defaults.getClass().getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String path = prefix + Key.kebab(components[i].getName());
            arguments[i] = Key.isSection(components[i].getType())
                    ? section(path + ".", (Record) Key.value(components[i], defaults))
                    : values.apply(Key.find(path).orElseThrow());
        }
        try {
            return construct(defaults.getClass(), arguments);
        } catch (InvalidSettings invalid) {
            invalid.violations()
                    .forEach(violation -> report.accept(prefix + Key.kebab(violation.component()), violation));
            return mended(defaults, arguments, invalid);
        }
    }

    private static Record mended(Record defaults, Object[] arguments, InvalidSettings invalid) {
        RecordComponent[] components = defaults.getClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            if (invalid.violations().stream().anyMatch(violation -> isOf(name, violation))) {
                arguments[i] = Key.value(components[i], defaults);
            }
        }
        try {
            return construct(defaults.getClass(), arguments);
        } catch (InvalidSettings still) {
            return defaults;
        }
    }

    /** A rule across sections names a nested component: {@code management.port}. */
    private static boolean isOf(String component, Violation violation) {
        return violation.component().equals(component) || violation.component().startsWith(component + ".");
    }

    private static Record construct(Class<? extends Record> type, Object[] values) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvalidSettings invalid) {
                throw invalid;
            }
            throw new IllegalStateException(type + " threw something other than InvalidSettings", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " must be public", e);
        }
    }
}
