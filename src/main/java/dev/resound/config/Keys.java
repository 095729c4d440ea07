package dev.resound.config;

import dev.resound.setting.ByteSize;
import dev.resound.setting.Live;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Every key that there is, read off the components of {@link Configuration}, so that a key exists in one place only. */
final class Keys {

    private static final Map<String, Key> ALL = new LinkedHashMap<>();
    /** For some keys, the key whose value is their default. It stands before them. */
    private static final Map<String, String> INHERITED =
            Map.of("telemetry.feed.allowed-origins", "websocket.allowed-origins");

    private static final Set<String> SECTIONS = new LinkedHashSet<>();

    static {
        collect("", configuration -> configuration, () -> false);
    }

    private Keys() {}

    private static void collect(String prefix, Function<Configuration, Object> section, BooleanSupplier live) {
        for (RecordComponent component :
                section.apply(Configuration.DEFAULT).getClass().getRecordComponents()) {
            String path = prefix + kebab(component.getName());
            BooleanSupplier takenUp = () -> live.getAsBoolean() || component.isAnnotationPresent(Live.class);
            Function<Configuration, Object> accessor = configuration -> value(component, section.apply(configuration));
            if (isSection(component.getType())) {
                SECTIONS.add(path);
                collect(path + ".", accessor, takenUp);
            } else {
                ALL.put(path, new Key(path, component.getType(), takenUp, accessor));
            }
        }
    }

    /** In the order of the records. */
    static Collection<Key> all() {
        return ALL.values();
    }

    static Optional<Key> find(String path) {
        return Optional.ofNullable(ALL.get(path));
    }

    /** The key whose value is the default of the one at this path. */
    static Optional<String> inheritedBy(String path) {
        return Optional.ofNullable(INHERITED.get(path));
    }

    /** The paths of the records that hold keys. */
    static Set<String> sections() {
        return SECTIONS;
    }

    /** A record of settings, as opposed to a value that happens to be a record. */
    static boolean isSection(Class<?> type) {
        return type.isRecord() && type != ByteSize.class;
    }

    static Object value(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " has to be public", e);
        }
    }

    /** {@code keepAliveInterval} is {@code keep-alive-interval} in a configuration. */
    static String kebab(String component) {
        var kebab = new StringBuilder();
        for (int i = 0; i < component.length(); i++) {
            char c = component.charAt(i);
            if (Character.isUpperCase(c)) {
                kebab.append('-');
            }
            kebab.append(Character.toLowerCase(c));
        }
        return kebab.toString();
    }
}
