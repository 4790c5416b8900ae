#include "core/process/environment_filter.h"

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array allowedNames{
    "PATH"_L1,
    "HOME"_L1,
    "LANG"_L1,
    "LANGUAGE"_L1,
    "TERM"_L1,
    "COLORTERM"_L1,
    "SHELL"_L1,
    "USER"_L1,
    "LOGNAME"_L1,
    "TZ"_L1,
    "XDG_CONFIG_HOME"_L1,
    "XDG_DATA_HOME"_L1,
    "XDG_CACHE_HOME"_L1,
    "XDG_STATE_HOME"_L1,
    "XDG_RUNTIME_DIR"_L1,
    "XDG_CONFIG_DIRS"_L1,
    "XDG_DATA_DIRS"_L1,
    "SSL_CERT_FILE"_L1,
    "SSL_CERT_DIR"_L1,
    "NODE_EXTRA_CA_CERTS"_L1,
};

constexpr std::array proxyNames{"http_proxy"_L1, "https_proxy"_L1, "all_proxy"_L1, "no_proxy"_L1};

QStringView nameOf(const QString &line)
{
    // A name is never empty; Windows has names that begin with '='.
    const qsizetype end = line.indexOf(u'=', 1);
    return end < 0 ? QStringView() : QStringView(line).first(end);
}

} // namespace

bool isAllowedVariable(QStringView name)
{
    const auto isName = [name](QLatin1StringView allowed) {
        return name == allowed;
    };
    const auto isProxy = [name](QLatin1StringView allowed) {
        return name.compare(allowed, Qt::CaseInsensitive) == 0;
    };
    return name.startsWith("LC_"_L1) || std::ranges::any_of(allowedNames, isName) ||
           std::ranges::any_of(proxyNames, isProxy);
}

QStringList filterEnvironment(const QStringList &environment, const QStringList &extraNames)
{
    QStringList kept;
    for (const QString &line : environment) {
        const QStringView name = nameOf(line);
        if (!name.isEmpty() && (isAllowedVariable(name) || extraNames.contains(name)))
            kept.append(line);
    }
    return kept;
}

QString environmentValue(const QStringList &environment, QStringView name)
{
    for (const QString &line : environment) {
        if (nameOf(line) == name)
            return line.mid(name.size() + 1);
    }
    return {};
}

void setEnvironmentValue(QStringList &environment, const QString &name, const QString &value)
{
    environment.removeIf([&name](const QString &line) { return nameOf(line) == name; });
    environment.append(name + u'=' + value);
}

} // namespace muster
