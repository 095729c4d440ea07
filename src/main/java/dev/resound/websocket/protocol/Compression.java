package dev.resound.websocket.protocol;

/**
 * The permessage-deflate of one connection.
 *
 * @param parameters what was negotiated
 * @param pool the compressors of the connection's event loop
 */
public record Compression(DeflateParameters parameters, CompressorPool pool) {}
