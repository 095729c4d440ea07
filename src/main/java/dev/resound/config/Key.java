package dev.resound.config;

import dev.resound.setting.ByteSize;
import dev.resound.setting.Live;
import dev.resound.setting.Secret;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A setting that exists. The keys are derived from the components of {@link Configuration}, so that each is defined in one place.
 *
 * @param path for example {@code websocket.keep-alive-interval}
 * @param type of the record component
 * @param takenUp whether a change takes effect while the service runs; evaluated late, because the JVM generates a class for each kind of
 *     annotation that is read
 * @param hidden whether its value must not be shown; evaluated late too
 * @param accessor gets its value from a configuration
 */
record Key(
        String path,
        Class<?> type,
        BooleanSupplier takenUp,
        BooleanSupplier hidden,
        Function<Configuration, Object> accessor) {

    private static final Map<String, Key> ALL = new LinkedHashMap<>();

    /** Keys whose default is the value of another key, which precedes them. */
    private static final Map<String, String> INHERITED = Map.of(
            "telemetry.feed.allowed-origins", "websocket.allowed-origins",
            "fleet.feed.allowed-origins", "websocket.allowed-origins");

    private static final Pattern SECRET_NAME = Pattern.compile("(?i)fleet|redis|pass|secret");

    private static final Set<String> SECTIONS = new LinkedHashSet<>();

    static {
        collect("", configuration -> configuration, () -> false);
    }

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
                BooleanSupplier hidden = () -> component.isAnnotationPresent(Secret.class);
                ALL.put(path, new Key(path, component.getType(), takenUp, hidden, accessor));
            }
        }
    }

    /** All keys in the order of the records. */
    static Collection<Key> all() {
        return ALL.values();
    }

    static Optional<Key> find(String path) {
        return Optional.ofNullable(ALL.get(path));
    }

    /** The paths of the records that hold keys. */
    static Set<String> sections() {
        return SECTIONS;
    }

    /** Whether a type is a record of settings, as opposed to a value that happens to be a record. */
    static boolean isSection(Class<?> type) {
        return type.isRecord() && type != ByteSize.class;
    }

    static Object value(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " must be public", e);
        }
    }

    /** Converts {@code keepAliveInterval} to {@code keep-alive-interval}. */
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

    /** Whether a change takes effect while the service runs. */
    boolean live() {
        return takenUp.getAsBoolean();
    }

    /** Whether its value may contain a password, so that no report shows it. */
    boolean secret() {
        return hidden.getAsBoolean();
    }

    /**
     * Whether the value of an unknown key may be one of a secret setting whose name is misspelled.
     *
     * @param meant the key that was probably meant
     */
    static boolean maybeSecret(String path, Optional<String> meant) {
        return SECRET_NAME.matcher(path).find()
                || meant.flatMap(Key::find).filter(Key::secret).isPresent();
    }

    /** Its value in a configuration. */
    Object in(Configuration configuration) {
        return accessor.apply(configuration);
    }

    /** Its value in the defaults. */
    Object fallback() {
        return in(Configuration.DEFAULT);
    }

    /** The path of the key whose value is the default of this one, if there is such a key. */
    Optional<String> inheritsFrom() {
        return Optional.ofNullable(INHERITED.get(path));
    }

    /** The environment variable that sets it. */
    String variable() {
        return Overrides.variable(path);
    }
}
