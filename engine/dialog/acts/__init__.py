"""Dialog acts, whatever the business: 算了, 上一步, 再说一遍, 转人工."""
