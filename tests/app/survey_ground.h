// A folder in some state, and `muster run survey` on it in a home of its own: how it ended, what it wrote.
#pragma once

#include "tests/e2e/muster_home.h"

#include <QTest>

namespace muster::test {

class SurveyGround {
public:
    SurveyGround();
    ~SurveyGround();
    SurveyGround(const SurveyGround &) = delete;
    SurveyGround &operator=(const SurveyGround &) = delete;

    [[nodiscard]] QString project() const { return m_home.path(QStringLiteral("shop")); }
    // In the project's folder with bash and git; $OUT is the folder around it. False: it failed, see the log.
    [[nodiscard]] bool prepare(const QString &script);
    // A small repository with one commit.
    [[nodiscard]] bool makeShop();
    // As another user than root, who owns all of it. Does nothing for others than root.
    [[nodiscard]] bool giveToNobody();

    [[nodiscard]] e2e::Finished survey();
    // SURVEY.md as the run has written it; empty: there is none.
    [[nodiscard]] QByteArray written() const { return m_written; }
    [[nodiscard]] QString root() const { return m_home.root(); }

private:
    e2e::MusterHome m_home;
    bool m_asNobody = false;
    QByteArray m_written;
};

} // namespace muster::test
