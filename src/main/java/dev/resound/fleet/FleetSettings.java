package dev.resound.fleet;

import dev.resound.feed.FeedSettings;
import dev.resound.setting.Rules;
import dev.resound.setting.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The fleet view: where the instances write their totals, and who may see the sums.
 *
 * @param redis URLs of Redis or Valkey, {@code redis://host:port} or, with TLS, {@code rediss://host:port}; an empty list turns the fleet
 *     view off. A database may follow: {@code redis://host:port/1}
 * @param type what the URLs lead to
 * @param master the name of the master that the sentinels watch
 * @param user the ACL user; empty means the default user
 * @param password empty means none
 * @param passwordFile a file with the password, read for each connection; empty means none
 * @param trust a PEM file with the authorities for TLS; empty means those of Java
 * @param prefix the name of this fleet; several fleets can share a Redis
 * @param feed who may see the fleet
 */
public record FleetSettings(
        @Secret List<String> redis,
        Type type,
        String master,
        String user,
        @Secret String password,
        String passwordFile,
        String trust,
        String prefix,
        FeedSettings feed) {

    /** The kinds of Redis installations. */
    public enum Type {
        /** One server, or one address that leads to the master. */
        STANDALONE,
        /** Some of the nodes of a Redis cluster. */
        CLUSTER,
        /** The sentinels, which know the master. */
        SENTINEL
    }

    // Before DEFAULT, whose constructor uses it.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,50}");

    private static final String TLS = "rediss";
    private static final String HIDDEN = "a value that is not shown";

    public static final FleetSettings DEFAULT =
            new FleetSettings(List.of(), Type.STANDALONE, "mymaster", "", "", "", "", "resound", FeedSettings.DEFAULT);

    public FleetSettings {
        redis = List.copyOf(redis);
        boolean one = redis.size() <= 1;
        boolean hasDatabase = redis.stream().anyMatch(FleetSettings::hasDatabase);
        new Rules()
                .require(
                        redis.stream().allMatch(FleetSettings::isUrl),
                        "redis",
                        HIDDEN,
                        "must have URLs as redis://host:6379 or rediss://host:6379, without user and password, which are"
                                + " settings of their own")
                .require(
                        redis.stream().map(FleetSettings::isTls).distinct().count() <= 1,
                        "redis",
                        HIDDEN,
                        "must have either redis URLs or rediss URLs")
                .require(
                        one || type != Type.STANDALONE,
                        "redis",
                        HIDDEN,
                        "must have one URL if fleet.type is standalone")
                .require(
                        !hasDatabase || type != Type.CLUSTER,
                        "redis",
                        HIDDEN,
                        "must not have a database if fleet.type is cluster")
                .require(NAME.matcher(master).matches(), "master", master, "must be up to 50 letters, digits and ._-")
                .require(
                        password.isEmpty() || passwordFile.isEmpty(),
                        "passwordFile",
                        passwordFile,
                        "must be empty if fleet.password is set")
                .require(
                        user.isEmpty() || !password.isEmpty() || !passwordFile.isEmpty(),
                        "user",
                        user,
                        "must be empty if neither fleet.password nor fleet.password-file is set")
                .require(NAME.matcher(prefix).matches(), "prefix", prefix, "must be up to 50 letters, digits and ._-")
                .check();
    }

    private static boolean isUrl(String text) {
        try {
            var url = new URI(text);
            return ("redis".equals(url.getScheme()) || TLS.equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null
                    && url.getPort() != 0
                    && url.getPort() < 65_536
                    && url.getRawPath().matches("(/\\d{0,4})?");
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isTls(String url) {
        return url.startsWith(TLS + ":");
    }

    private static boolean hasDatabase(String url) {
        return url.matches(".*[^/]/\\d+");
    }

    /** Whether there is a fleet view. */
    public boolean on() {
        return !redis.isEmpty();
    }

    /** Whether the connections to Redis use TLS. */
    boolean tls() {
        return redis.stream().anyMatch(FleetSettings::isTls);
    }

    /** The stream of the newest entries of all instances. The braces keep both streams on one node of a cluster. */
    String live() {
        return "{" + prefix + "}:live";
    }

    /** The stream of the entries of the last 15 minutes, one per instance and {@link FleetWriter#STEP}. */
    String history() {
        return "{" + prefix + "}:history";
    }

    /** Without the values that may contain a password. */
    @Override
    public String toString() {
        return "FleetSettings[type=%s, prefix=%s, on=%s]".formatted(type, prefix, on());
    }
}
