/* cadre/ext/gang.h: the id of gangs of agents over several machines is reserved; no table yet. */
#ifndef CADRE_EXT_GANG_H
#define CADRE_EXT_GANG_H

#define CADRE_GANG_ID "cadre.gang/1"

#endif
