package dev.resound.websocket;

/**
 * What the connections of one event loop have to do with beyond this package.
 *
 * @param observer is told what happens to them
 * @param feed what they are told where they ask for more than the echo
 */
public record Surroundings(ConnectionObserver observer, Feed feed) {}
