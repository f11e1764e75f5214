"""The department: take over, assign, appraise, propose."""
