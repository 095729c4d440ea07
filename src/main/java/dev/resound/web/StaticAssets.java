package dev.resound.web;

import io.vertx.ext.web.Router;

public final class StaticAssets {
    public void mount(Router r) {}
}
