// What clients are told of the keys that sign runtimes in; never a value of one. Any thread.
#pragma once

#include <QString>
#include <QStringList>

namespace muster::api {

struct SecretInfo {
    QString name;
    bool isKept = false;        // which wins over the environment
    QString place;              // where, as the choices of keys.store: keychain | ask | file; empty: not kept
    bool isAtHand = false;      // it is kept, and not to be given or unlocked first; a keychain is not asked
    bool inEnvironment = false; // of the node
    QStringList runtimes;       // ids of those that take it
};

// Where keys that are given are kept from now on.
struct KeyStoreInfo {
    QString store;           // as keys.store
    bool isFixed = false;    // by the environment of the node
    QString file;            // path of the encrypted one
    QString fileState;       // none | locked | open
    bool fileIsUsed = false; // it is the store, or a key was kept in it
};

} // namespace muster::api
