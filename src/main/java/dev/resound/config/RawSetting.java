package dev.resound.config;

/**
 * A setting as one source has it, not judged yet.
 *
 * @param path as in {@code websocket.keep-alive-interval}; may be no key at all
 * @param origin where it stands, for a report: {@code conf/resound.yaml line 7}
 */
record RawSetting(String path, RawValue value, String origin) {}
