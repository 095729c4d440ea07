package dev.resound.websocket.protocol;

/**
 * The permessage-deflate extension of one connection (RFC 7692).
 *
 * @param parameters the negotiated parameters
 * @param pool the compressors of the connection's event loop
 */
public record Compression(DeflateParameters parameters, CompressorPool pool) {}
