/* Files of web/ and docs/samples/ compiled in, as texts that end with NUL. A path is seen from bridge/. */
#ifndef BRIDGE_EMBED_H
#define BRIDGE_EMBED_H

#define EMBED(name, file)                                                                                    \
	__asm__(".section .rodata\n" #name ":\n.incbin \"" file "\"\n.byte 0\n.previous\n");                     \
	extern const char name[] __attribute__((visibility("hidden")))

#endif
