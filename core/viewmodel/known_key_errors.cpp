#include "core/viewmodel/known_errors.h"

#include <QtTranslation>

#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

using Known = KnownError;
using C = ErrorCode;

constexpr std::array known{
    Known{C::InvalidArgument,
          "account"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "“%1” is no name for an account: small letters, digits and “-”, 32 at "
                            "most.")},
    Known{C::InvalidArgument,
          "account_home"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "%1 is no folder that is there. Give the whole path of one.")},
    Known{C::InvalidArgument,
          "account_key"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe", "An account of this runtime is known by its key alone. Give one with --key: %1.")},
    Known{C::Unsupported,
          "account_home"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "%1 keeps no sign-in in a folder that could be another. Give the "
                                        "account a key.")},
    Known{C::NotFound,
          "account"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no account %1. “muster accounts” lists those there are.")},
    Known{C::InvalidArgument,
          "secret"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "No runtime is signed in by a key of that name. These are: %1.")},
    Known{C::InvalidArgument,
          "secret_value"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "That cannot be a key: it is empty, has line breaks or other control characters, or is "
              "longer than %1. Nothing was changed.")},
    Known{C::NotFound,
          "secret"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "No key %1 is kept. “muster secrets” lists those there are, and where.")},
    Known{C::NotFound,
          "key_asked"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "%1 is not there: keys are asked for after each start of the node, and this one "
                            "has not been given since. Give it with “muster secrets set”, or in the "
                            "settings.")},
    Known{C::PermissionDenied,
          "key_file_locked"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The encrypted file of keys is locked (%1), so nothing was read or changed. Open "
                            "it with its passphrase: “muster secrets unlock”, or in the settings.")},
    Known{C::PermissionDenied,
          "key_file_new"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is no encrypted file of keys yet (%1), so nothing was kept. Choose a "
                            "passphrase for it first: “muster secrets unlock”, or in the settings.")},
    Known{C::PermissionDenied,
          "passphrase"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "That is not the passphrase of the encrypted file of keys. The file is whole, "
                            "and nothing was changed. Try again; without the passphrase nobody can open "
                            "it.")},
    Known{C::InvalidArgument,
          "passphrase_short"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "That is too short for a passphrase: whoever gets hold of the file can guess as "
                            "long as they like. Take at least %1 characters, for example five words. Nothing "
                            "was made.")},
    Known{C::InvalidArgument,
          "passphrase_differs"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The two are not the same, so nothing was made. Try again.")},
    Known{C::Conflict,
          "key_file_unused"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is no encrypted file of keys, and keys.store (%1) asks for none. To keep "
                            "keys in one: “muster config set keys.store file”, then “muster secrets "
                            "unlock”.")},
    Known{C::NotFound,
          "key_file_gone"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The encrypted file of keys is gone (%1), and the keys that were in it. Put it "
                            "back from a backup, or give the keys again.")},
    Known{C::Corrupt,
          "key_file_damaged"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The encrypted file of keys is damaged: %1. It was left as it is, and nothing "
                            "was changed. Put it back from a backup, or move it away and give the keys "
                            "again.")},
    Known{C::NewerStore,
          "key_file_version"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The encrypted file of keys was written by a newer Muster (form %1). It was left "
                            "as it is. Use that Muster, or move the file away and give the keys again.")},
    Known{C::Io,
          "key_file"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The encrypted file of keys could not be read or written: %1. Nothing was "
                            "changed. Check the folder and the file: they must be yours, and the disk have "
                            "room.")},
    Known{C::TooLarge,
          "key_file"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is not enough memory to open the encrypted file of keys (%1). Nothing was "
                            "changed. End something that takes much, then try again.")},
    Known{C::PermissionDenied,
          "keychain"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The system's keychain is locked or refused (%1), so nothing was read or "
                            "changed. Unlock it, then try again.")},
    Known{C::Timeout,
          "keychain"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The system's keychain did not answer in time; it may wait for its password "
                            "in a window. Answer it, then try again.")},
    Known{C::Unavailable,
          "keychain"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "There is no keychain in the node's session (%1), so nothing was read or changed. Start "
              "one (GNOME Keyring, KWallet, KeePassXC), or choose what to do without, in "
              "the settings under Keys or like this: “muster config set keys.store ask” asks for keys "
              "after each start and keeps none; “muster config set keys.store file”, then “muster "
              "secrets unlock”, keeps them in a file that a passphrase encrypts. Then give the key "
              "again.")},
};

} // namespace

std::span<const KnownError> knownKeyErrors() { return known; }

} // namespace muster
