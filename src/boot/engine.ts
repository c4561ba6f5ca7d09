import { setFlagsFromString } from 'node:v8';

/*
 * V8 makes objects old at birth when those made at the same place have lived long so far. Nearly everything made during
 * a start lives long, and the requests that follow are served from many of the same places: each of their objects that
 * is born old keeps the rest of its request from being collected cheaply. It made a small request half as dear again.
 * Has to come before anything else is loaded.
 */
setFlagsFromString('--no-allocation-site-pretenuring');
