#include "core/agent/sensitive_paths.h"

#include <QList>
#include <QString>

#include <algorithm>
#include <array>

namespace muster {

bool isSensitivePath(QStringView path)
{
    static constexpr std::array<QStringView, 14> names{
        u".netrc",           u".npmrc",    u".pypirc",      u".pgpass",     u"credentials",
        u".git-credentials", u"id_rsa",    u"id_ecdsa",     u"id_ed25519",  u"id_dsa",
        u"kubeconfig",       u".htpasswd", u"secrets.yaml", u"secrets.json"};
    static constexpr std::array<QStringView, 6> endings{u".pem", u".key",  u".p12",
                                                        u".pfx", u".kdbx", u".jks"};
    static constexpr std::array<QStringView, 3> folders{u".ssh", u".gnupg", u".aws"};
    const QString lower = path.toString().toLower();
    const auto parts = QStringView(lower).split(u'/');
    const QStringView name = parts.last();
    if (name.startsWith(u".env") && !name.endsWith(u".example") && !name.endsWith(u".sample"))
        return true;
    const auto hasEnding = [&](QStringView ending) {
        return name.endsWith(ending);
    };
    return std::ranges::contains(names, name) || std::ranges::any_of(endings, hasEnding) ||
           std::ranges::any_of(parts, [](QStringView part) { return std::ranges::contains(folders, part); });
}

} // namespace muster
