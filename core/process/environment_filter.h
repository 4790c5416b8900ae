// The environment of a child: a short allow list plus the names that its profile asks for. Nothing else of
// ours reaches it, so that keys meant for one agent do not reach another. Any thread.
// Allowed: PATH HOME LANG LANGUAGE LC_* TERM COLORTERM SHELL USER LOGNAME TZ,
// XDG_{CONFIG,DATA,CACHE,STATE}_HOME, XDG_RUNTIME_DIR, XDG_{CONFIG,DATA}_DIRS, and http(s)_proxy, all_proxy,
// no_proxy in both cases, SSL_CERT_{FILE,DIR}, NODE_EXTRA_CA_CERTS. Source: spec "agents", Secrets.
#pragma once

#include <QString>
#include <QStringList>

namespace muster {

// "NAME=value" lines of `environment` that are allowed or named in `extraNames`; order kept.
[[nodiscard]] QStringList filterEnvironment(const QStringList &environment,
                                            const QStringList &extraNames = {});
[[nodiscard]] bool isAllowedVariable(QStringView name);

[[nodiscard]] QString environmentValue(const QStringList &environment, QStringView name);
// Replaces or appends.
void setEnvironmentValue(QStringList &environment, const QString &name, const QString &value);

} // namespace muster
