package dev.resound.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The current configuration. Settings marked {@link dev.resound.setting.Live} follow the file; the others keep their value until a restart.
 * Thread-safe.
 */
public final class LiveConfiguration implements Supplier<Configuration> {

    private static final Logger log = LoggerFactory.getLogger(LiveConfiguration.class);

    private volatile Configuration inForce;
    /** The configuration that the sources contain. It differs from the current one if a restart is needed. */
    private Configuration wanted;

    private volatile Runnable onChange = () -> {};

    public LiveConfiguration(Configuration initial) {
        inForce = initial;
        wanted = initial;
    }

    @Override
    public Configuration get() {
        return inForce;
    }

    /** Sets what runs after each change of the file that changed a setting in use. */
    public void onChange(Runnable action) {
        onChange = action;
    }

    /**
     * Applies the settings that can change without a restart, and logs each change.
     *
     * @throws InvalidConfiguration if the new values are invalid together with those that need a restart; then nothing changes
     */
    synchronized void follow(Configuration read) {
        List<ConfigurationProblem> broken = new ArrayList<>();
        Configuration taken = RecordBinder.bind(
                key -> key.in(key.live() ? read : inForce),
                (path, violation) -> broken.add(ConfigurationProblem.broken(
                        path, violation.rule(), violation.found(), "together with changes that need a restart")));
        if (!broken.isEmpty()) {
            throw new InvalidConfiguration(broken);
        }
        Key.all().forEach(key -> report(key, key.in(inForce), key.in(wanted), key.in(read)));
        boolean changes = !taken.equals(inForce);
        inForce = taken;
        wanted = read;
        if (changes) {
            onChange.run();
        }
    }

    private static void report(Key key, Object from, Object before, Object to) {
        if (to.equals(from) || to.equals(before)) {
            return;
        }
        log.atLevel(key.live() ? Level.INFO : Level.WARN)
                .addKeyValue("key", key.path())
                .addKeyValue("from", shown(key, from))
                .addKeyValue("to", shown(key, to))
                .log(key.live() ? "configuration changed" : "configuration change needs a restart");
    }

    private static String shown(Key key, Object value) {
        return key.secret() ? ConfigurationProblem.HIDDEN : Notation.format(value);
    }

    /** Logs why a change is refused. */
    static void refuse(ConfigurationProblem problem) {
        log.atError()
                .addKeyValue("problem", problem.toString())
                .log("configuration change refused, the old settings stay in use");
    }
}
