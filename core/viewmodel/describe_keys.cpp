#include "core/viewmodel/describe_keys.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct DescribeKeys {
    Q_DECLARE_TR_FUNCTIONS(DescribeKeys)
};

struct Advice {
    QLatin1StringView code;
    const char *text = nullptr;
};

constexpr std::array advices{
    Advice{"key_asked"_L1,
           QT_TRANSLATE_NOOP("DescribeKeys",
                             "Keys are asked for after each start of the node, and this one has "
                             "not been given since. Give it with “muster secrets set”, or in "
                             "the settings.")},
    Advice{"key_file_new"_L1,
           QT_TRANSLATE_NOOP("DescribeKeys", "There is no such file yet. Choose its passphrase with “muster "
                                             "secrets unlock”, or in the settings.")},
    Advice{"key_file_locked"_L1,
           QT_TRANSLATE_NOOP("DescribeKeys", "It is locked, as after each start of the node. Agents that "
                                             "need a key of it do not start until you open it: “muster "
                                             "secrets unlock”, or in the settings.")},
    Advice{"key_file_gone"_L1,
           QT_TRANSLATE_NOOP("DescribeKeys", "The encrypted file is gone, and the keys that were in it. Put "
                                             "it back from a backup, or give them again with “muster "
                                             "secrets set”.")},
    Advice{"key_file_damaged"_L1,
           QT_TRANSLATE_NOOP("DescribeKeys", "The encrypted file is damaged, and was left as it is. Put "
                                             "it back from a backup, or move it away and give the keys "
                                             "again.")},
    Advice{"key_file_version"_L1,
           QT_TRANSLATE_NOOP("DescribeKeys", "The encrypted file was written by a newer Muster. Use that "
                                             "one, or move the file away and give the keys again.")},
    Advice{"key_file_unreadable"_L1,
           QT_TRANSLATE_NOOP("DescribeKeys", "The encrypted file cannot be read. Check that it and "
                                             "its folder are yours.")},
    Advice{"store_keychain_locked"_L1,
           QT_TRANSLATE_NOOP("DescribeKeys", "The keychain is locked or refuses. Keys can be kept "
                                             "and read once it is unlocked.")},
    Advice{"store_keychain_silent"_L1,
           QT_TRANSLATE_NOOP("DescribeKeys",
                             "The keychain does not answer; it may wait for its password in a window.")},
    Advice{"store_keychain_unavailable"_L1,
           QT_TRANSLATE_NOOP(
               "DescribeKeys",
               "There is no keychain in the node's session, so no key can be kept there. Start "
               "one, or choose: “muster config set keys.store ask” asks for keys after each start "
               "and keeps none; “muster config set keys.store file”, then “muster secrets unlock”, "
               "keeps them in an encrypted file.")},
};

} // namespace

QString describePlace(const api::SecretInfo &key)
{
    if (!key.isKept)
        return key.inEnvironment ? DescribeKeys::tr("environment") : DescribeKeys::tr("not set");
    if (key.place == "ask"_L1)
        return key.isAtHand ? DescribeKeys::tr("memory") : DescribeKeys::tr("to be given again");
    if (key.place == "file"_L1)
        return key.isAtHand ? DescribeKeys::tr("encrypted file") : DescribeKeys::tr("encrypted file, locked");
    return DescribeKeys::tr("keychain");
}

QString describeKeyStore(const QString &store)
{
    if (store == "ask"_L1)
        return DescribeKeys::tr("Nowhere: ask after each start");
    if (store == "file"_L1)
        return DescribeKeys::tr("Encrypted file");
    return DescribeKeys::tr("System keychain");
}

QString describeKeyStoreMeaning(const QString &store)
{
    if (store == "ask"_L1)
        return DescribeKeys::tr(
            "Keys are in the memory of the node, never on the disk, and are asked for again "
            "after each of its starts.");
    if (store == "file"_L1)
        return DescribeKeys::tr(
            "Keys are in a file that a passphrase encrypts; it is opened after each start "
            "of the node. Nobody can open it without the passphrase.");
    return DescribeKeys::tr("Keys are in the system’s keychain, never in Muster’s own files.");
}

QString describeKept(const QString &name, const QString &place)
{
    if (place == "ask"_L1)
        return DescribeKeys::tr("%1 is in memory until the node ends; agents that need it get it from their "
                                "next start on.")
            .arg(name);
    if (place == "file"_L1)
        return DescribeKeys::tr(
                   "%1 is in the encrypted file; agents that need it get it from their next start "
                   "on.")
            .arg(name);
    return DescribeKeys::tr("%1 is in the keychain; agents that need it get it from their next start on.")
        .arg(name);
}

QString describeKeyAdvice(const QString &code)
{
    const auto *found = std::ranges::find(advices, code, &Advice::code);
    return found == advices.end() ? code : DescribeKeys::tr(found->text);
}

} // namespace muster
