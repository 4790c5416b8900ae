// The fake model as a process: fake_model.mjs under the node of the cache, on a free loopback port.
#pragma once

#include <QJsonObject>
#include <QProcess>
#include <QString>

#include <vector>

namespace muster::e2e {

class FakeModel {
public:
    FakeModel() = default;
    ~FakeModel();
    FakeModel(const FakeModel &) = delete;
    FakeModel &operator=(const FakeModel &) = delete;

    [[nodiscard]] bool start(const QString &node);
    [[nodiscard]] QString url() const;
    // What it was asked since the last call, one object a request.
    [[nodiscard]] std::vector<QJsonObject> takeLog();

private:
    QProcess m_process;
    QByteArray m_read;
    int m_port = 0;
};

} // namespace muster::e2e
